namespace TuningCluster.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Options">Those of the suite itself, by name.</param>
internal sealed record Arguments(ISuite Suite, bool Json, bool Quick, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>The number an option gives; null when it was not given.</summary>
    /// <exception cref="UsageException">Not a whole number above 0.</exception>
    public int? Number(string option) => !Options.TryGetValue(option, out var text) ? null
        : int.TryParse(text, out var number) && number > 0 ? number : throw new UsageException($"--{option} takes a whole number above 0, not '{text}'.");

    /// <summary>The numbers an option lists, each once, ascending; null when it was not given.</summary>
    /// <exception cref="UsageException">Not whole numbers above 0 with commas between them.</exception>
    public IReadOnlyList<int>? Numbers(string option) => !Options.TryGetValue(option, out var text) ? null
        : [.. text.Split(',').Select(word => int.TryParse(word, out var number) && number > 0 ? number
            : throw new UsageException($"--{option} takes whole numbers above 0, with commas between them, not '{text}'.")).Distinct().Order()];

    /// <exception cref="UsageException">Something is wrong; the message is for the user.</exception>
    public static Arguments Parse(IReadOnlyList<string> words)
    {
        string? name = null;
        var (json, quick) = (false, false);
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "--quick":
                    quick = true;
                    break;
                case "-o" or "--output":
                    json = (++i < words.Count ? words[i] : "") switch
                    {
                        "json" => true,
                        "table" => false,
                        _ => throw new UsageException("-o takes table or json."),
                    };
                    break;
                case var word when word.StartsWith("--", StringComparison.Ordinal) && i + 1 < words.Count:
                    options[word[2..]] = words[++i];
                    break;
                case var word when word.StartsWith('-') || name is not null:
                    throw new UsageException($"Unexpected '{word}'.");
                case var word:
                    name = word;
                    break;
            }
        }

        var suite = Suites.All.FirstOrDefault(s => s.Name == name)
            ?? throw new UsageException(name is null ? "Which suite?" : $"There is no suite '{name}'.");
        return options.Keys.FirstOrDefault(o => !suite.Options.Contains(o)) is { } unknown
            ? throw new UsageException($"Suite '{suite.Name}' has no option '--{unknown}'{(suite.Options.Count == 0 ? "" : ": --" + string.Join(", --", suite.Options))}.")
            : new Arguments(suite, json, quick, options);
    }
}
