using TuningCluster.Shared.Text;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Collects everything wrong with one file.</summary>
internal sealed class Faults
{
    private readonly List<SpecError> _errors = [];

    public int Count => _errors.Count;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<SpecError> InOrder() => [.. _errors.OrderBy(e => e.Line).ThenBy(e => e.Column)];

    public void Add(string path, int line, int column, string problem, string? hint = null) =>
        _errors.Add(new SpecError(path, problem, hint, line, column));

    /// <summary>A fault of a value.</summary>
    public void Add(Node node, string problem, string? hint = null) => Add(node.Path, node.Line, node.Column, problem, hint);

    /// <summary>A fault of a key, or of its value as a whole.</summary>
    public void AtKey(Entry entry, string problem, string? hint = null) => Add(entry.Value.Path, entry.Line, entry.Column, problem, hint);

    /// <summary>The nearest of <paramref name="names"/>, else all of them when they are few.</summary>
    public static string? Suggest(string word, IReadOnlyCollection<string> names) =>
        NearestName.Find(word, names) is { } near ? $"did you mean '{near}'?"
        : names.Count <= 20 ? $"one of {string.Join(", ", names)}"
        : null;
}
