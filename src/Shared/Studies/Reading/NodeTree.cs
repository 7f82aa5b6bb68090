using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads YAML (or JSON, which is YAML) into nodes that know their place.</summary>
internal sealed class NodeTree
{
    private const int DeepestNesting = 32;

    private readonly Parser _parser;
    private readonly Faults _faults;
    private readonly Dictionary<string, Node> _anchors = new(StringComparer.Ordinal);

    private NodeTree(Parser parser, Faults faults)
    {
        _parser = parser;
        _faults = faults;
    }

    /// <summary>The only document of <paramref name="text"/>; null when there is none or it is no YAML, which is then a fault.</summary>
    public static Node? Read(string text, Faults faults)
    {
        try
        {
            return new NodeTree(new Parser(new StringReader(text.TrimStart('\uFEFF'))), faults).Document();
        }
        catch (YamlException e)
        {
            // The parser gives the start of the mapping for a tab somewhere within.
            if (e.Message.Contains("tab", StringComparison.Ordinal) && TabbedLine(text) is { } tabbed)
            {
                faults.Add("", tabbed.Line, tabbed.Column, "not valid YAML: a tab indents this line", "indent with blanks");
            }
            else
            {
                faults.Add("", Line(e.Start), Column(e.Start), $"not valid YAML: {Sentence(e.Message)}");
            }

            return null;
        }
    }

    private static int Line(Mark mark) => Math.Max(1, (int)mark.Line);

    private static int Column(Mark mark) => Math.Max(1, (int)mark.Column);

    private static (int Line, int Column)? TabbedLine(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var indent = lines[i].TakeWhile(c => c is ' ' or '\t').ToList();
            if (indent.Contains('\t') && indent.Count < lines[i].Length)
            {
                return (i + 1, indent.IndexOf('\t') + 1);
            }
        }

        return null;
    }

    private static string Sentence(string message) =>
        message.Length == 0 ? "it cannot be read" : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');

    private Node? Document()
    {
        Node? root = null;
        while (Next())
        {
            switch (_parser.Current)
            {
                case DocumentStart start when root is not null:
                    throw new YamlException(start.Start, start.End, "A study file is one document; a second one starts here.");
                case NodeEvent:
                    root = Build("", 0);
                    break;
            }
        }

        return root;
    }

    private bool Next()
    {
        var at = _parser.Current?.End ?? Mark.Empty;
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            // The parser's own slips on broken files, found by feeding it broken files.
            throw new YamlException(at, at, "It cannot be read from here on.", e);
        }
    }

    private Node Build(string path, int depth)
    {
        var at = _parser.Current!;
        if (depth > DeepestNesting)
        {
            throw new YamlException(at.Start, at.End, "The nesting is too deep.");
        }

        if (at is AnchorAlias alias)
        {
            return _anchors.TryGetValue(alias.Value.Value, out var known)
                ? known
                : throw new YamlException(at.Start, at.End, $"The alias '{alias.Value.Value}' names no anchor before it.");
        }

        Node node = at switch
        {
            Scalar scalar => new ScalarNode(path, Line(at.Start), Column(at.Start), scalar.Value, IsPlain(scalar)),
            SequenceStart => Sequence(new SequenceNode(path, Line(at.Start), Column(at.Start)), depth),
            MappingStart => Mapping(new MappingNode(path, Line(at.Start), Column(at.Start)), depth),
            _ => throw new YamlException(at.Start, at.End, "A value is missing."),
        };
        if (at is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor.Value] = node;
        }

        return node;
    }

    private static bool IsPlain(Scalar scalar) => scalar.Style == ScalarStyle.Plain && (scalar.Tag.IsEmpty || scalar.Tag.Value != "tag:yaml.org,2002:str");

    private SequenceNode Sequence(SequenceNode node, int depth)
    {
        while (Next() && _parser.Current is not SequenceEnd)
        {
            node.Items.Add(Build($"{node.Path}[{node.Items.Count}]", depth + 1));
        }

        return node;
    }

    private MappingNode Mapping(MappingNode node, int depth)
    {
        while (Next() && _parser.Current is not MappingEnd)
        {
            if (_parser.Current is not Scalar key)
            {
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "A key must be a word.");
            }

            var (line, column) = (Line(key.Start), Column(key.Start));
            var path = node.Path.Length == 0 ? key.Value : $"{node.Path}.{key.Value}";
            Next();
            var entry = new Entry(key.Value, line, column, Build(path, depth + 1));
            if (node.Find(key.Value) is { } first)
            {
                _faults.AtKey(entry, $"'{key.Value}' stands twice; the first is on line {first.Line}", "keep one of them");
            }
            else
            {
                node.Entries.Add(entry);
            }
        }

        return node;
    }
}
