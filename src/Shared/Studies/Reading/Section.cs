using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>One mapping of a study file, read key by key; what does not fit becomes a fault and reads as absent.</summary>
internal sealed class Section
{
    private readonly MappingNode _node;
    private readonly Faults _faults;
    private readonly int _line;
    private readonly int _column;

    private Section(MappingNode node, int line, int column, Faults faults)
    {
        _node = node;
        _line = line;
        _column = column;
        _faults = faults;
    }

    public Faults Faults => _faults;

    public IReadOnlyList<Entry> Entries => _node.Entries;

    /// <summary>The section at <paramref name="entry"/>; null when it is absent or no mapping.</summary>
    /// <param name="keys">Every key it may have; null when they are not fixed.</param>
    /// <param name="later">Keys a later release knows, each with what to say.</param>
    public static Section? Open(
        Entry? entry, Faults faults, IReadOnlyCollection<string>? keys, IReadOnlyDictionary<string, string>? later = null, string? example = null)
    {
        switch (entry?.Value)
        {
            case null or { IsNull: true }:
                return null;
            case MappingNode mapping:
                return Open(mapping, entry.Line, entry.Column, faults, keys, later);
            default:
                faults.Add(entry.Value, $"{entry.Key} is a mapping, not {entry.Value.What}", example);
                return null;
        }
    }

    public static Section Open(
        MappingNode node, int line, int column, Faults faults, IReadOnlyCollection<string>? keys, IReadOnlyDictionary<string, string>? later = null)
    {
        foreach (var entry in node.Entries)
        {
            if (later is not null && later.TryGetValue(entry.Key, out var sentence))
            {
                faults.AtKey(entry, sentence);
            }
            else if (keys is not null && !keys.Contains(entry.Key))
            {
                var place = node.Path.Length == 0 ? "a study file" : node.Path;
                faults.AtKey(entry, $"'{entry.Key}' is no key of {place}", Faults.Suggest(entry.Key, keys));
            }
        }

        return new Section(node, line, column, faults);
    }

    /// <summary>The key with its value; null when it is absent or has a null.</summary>
    public Entry? Find(string key) => _node.Find(key) is { Value.IsNull: false } entry ? entry : null;

    public Section? Map(string key, IReadOnlyCollection<string>? keys, IReadOnlyDictionary<string, string>? later = null, string? example = null) =>
        Open(Find(key), _faults, keys, later, example);

    /// <summary>A fault of the section itself, at its key.</summary>
    public void Fault(string problem, string? hint = null) => _faults.Add(_node.Path, _line, _column, problem, hint);

    public void Missing(string key, string? hint) =>
        _faults.Add(_node.Path.Length == 0 ? key : $"{_node.Path}.{key}", _line, _column, $"{key} is missing", hint);

    /// <summary>A text; numbers and truth values count as the characters they are written with.</summary>
    public string? Text(string key)
    {
        switch (Find(key)?.Value)
        {
            case null:
                return null;
            case ScalarNode { Raw: var raw } when !string.IsNullOrWhiteSpace(raw):
                return raw;
            case var other:
                _faults.Add(other, $"{key} is a text, not {(other is ScalarNode ? "empty" : other.What)}");
                return null;
        }
    }

    /// <summary>One of a few words.</summary>
    /// <param name="what">What to call it when the word is wrong, if not by its key.</param>
    public string? Word(string key, IReadOnlyCollection<string> words, IReadOnlyDictionary<string, string>? later = null, string? what = null)
    {
        var word = Text(key);
        if (word is null || words.Contains(word))
        {
            return word;
        }

        var node = Find(key)!.Value;
        if (later is not null && later.TryGetValue(word, out var sentence))
        {
            _faults.Add(node, sentence, $"one of {string.Join(", ", words)}");
        }
        else
        {
            _faults.Add(node, $"'{word}' is no {what ?? key}", Faults.Suggest(word, words));
        }

        return null;
    }

    /// <summary>A whole number of [<paramref name="low"/>, <paramref name="high"/>].</summary>
    public long? Int(string key, long low, long high)
    {
        if (Find(key)?.Value is not { } node)
        {
            return null;
        }

        if (node is ScalarNode { Value: { Kind: ParameterValueKind.Int } value })
        {
            if (value.AsInt() >= low && value.AsInt() <= high)
            {
                return value.AsInt();
            }

            _faults.Add(node, value.AsInt() < low ? $"{key} must be at least {low}, not {value}" : $"{key} may be at most {high}, not {value}");
            return null;
        }

        NotANumber(node, key, "a whole number");
        return null;
    }

    public int? Int(string key, int low) => (int?)Int(key, low, int.MaxValue);

    /// <summary>A finite number.</summary>
    public double? Float(string key)
    {
        switch (Find(key)?.Value)
        {
            case null:
                return null;
            case ScalarNode { Value: { IsNumber: true } value }:
                return value.AsDouble();
            case var other:
                NotANumber(other, key, "a number");
                return null;
        }
    }

    public bool? Bool(string key)
    {
        switch (Find(key)?.Value)
        {
            case null:
                return null;
            case ScalarNode { Value: { Kind: ParameterValueKind.Bool } value }:
                return value.AsBool();
            case var other:
                _faults.Add(other, $"{key} is true or false, not {other.What}");
                return null;
        }
    }

    public TimeSpan? Duration(string key)
    {
        if (Find(key)?.Value is not { } node)
        {
            return null;
        }

        if (node is ScalarNode scalar && StudyDuration.TryParse(scalar.Raw, out var duration))
        {
            if (duration > TimeSpan.Zero)
            {
                return duration;
            }

            _faults.Add(node, $"{key} must be longer than nothing");
            return null;
        }

        _faults.Add(node, $"{node.What} is no duration", "such as 90s, 10m, 2h30m or 1d; a bare number is seconds");
        return null;
    }

    public long? Size(string key)
    {
        if (Find(key)?.Value is not { } node)
        {
            return null;
        }

        if (node is ScalarNode scalar && ByteSize.TryParse(scalar.Raw, out var bytes))
        {
            if (bytes > 0)
            {
                return bytes;
            }

            _faults.Add(node, $"{key} must be more than nothing");
            return null;
        }

        _faults.Add(node, $"{node.What} is no size", "such as 512MiB, 1GiB or 2GB; a bare number is bytes");
        return null;
    }

    private void NotANumber(Node node, string key, string wanted)
    {
        var hint = node is ScalarNode { Value: { Kind: ParameterValueKind.Text } text } && CoreScalar.Resolve(text.AsText()).Value is { IsNumber: true }
            ? $"without quotes: {text}"
            : null;
        _faults.Add(node, node is ScalarNode { Refusal: { } refusal } ? refusal : $"{key} is {wanted}, not {node.What}", hint);
    }
}
