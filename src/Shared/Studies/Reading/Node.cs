using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>One node of a study file with its place.</summary>
/// <param name="path">Dotted, e.g. <c>parameters.width.low</c>, <c>enqueue[0]</c>; empty for the whole document.</param>
/// <param name="line">From 1.</param>
/// <param name="column">From 1.</param>
internal abstract class Node(string path, int line, int column)
{
    public string Path { get; } = path;

    public int Line { get; } = line;

    public int Column { get; } = column;

    /// <summary>What the node is, for a message: "a list".</summary>
    public abstract string What { get; }

    /// <summary>An explicit or implied null: the same as leaving the key out.</summary>
    public virtual bool IsNull => false;
}

/// <summary>A scalar, resolved by YAML 1.2's core schema.</summary>
/// <param name="raw">The characters as written, quotes and escapes removed.</param>
/// <param name="plain">Written without quotes, so that it may be something else than a text.</param>
internal sealed class ScalarNode(string path, int line, int column, string raw, bool plain) : Node(path, line, column)
{
    private readonly CoreScalar _scalar = plain ? CoreScalar.Resolve(raw) : CoreScalar.Quoted(raw);

    public string Raw { get; } = raw;

    /// <summary>Null for a null and for a refused spelling.</summary>
    public ParameterValue? Value => _scalar.Value;

    /// <summary>Why this spelling of a number is not accepted; null when it is.</summary>
    public string? Refusal => _scalar.Refusal;

    public override bool IsNull => Value is null && Refusal is null;

    public override string What => IsNull ? "nothing" : $"'{Raw}'";
}

internal sealed class SequenceNode(string path, int line, int column) : Node(path, line, column)
{
    public List<Node> Items { get; } = [];

    public override string What => "a list";
}

/// <summary>One key of a mapping with its value.</summary>
internal sealed record Entry(string Key, int Line, int Column, Node Value);

/// <summary>A mapping; its keys are distinct (a repeated one was reported while reading, and its first value kept).</summary>
internal sealed class MappingNode(string path, int line, int column) : Node(path, line, column)
{
    public List<Entry> Entries { get; } = [];

    public override string What => "a mapping";

    public Entry? Find(string key) => Entries.Find(e => e.Key == key);
}
