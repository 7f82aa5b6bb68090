using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Settings;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>A parameter as far as it could be read.</summary>
/// <param name="Entry">Its place in the file.</param>
/// <param name="Parameter">Without conditions yet; null after a fault.</param>
internal sealed record ParameterDraft(Entry Entry, Parameter? Parameter)
{
    public string Name => Entry.Key;
}

/// <summary>Reads the ranges and choices of <c>parameters:</c>, not yet the conditions.</summary>
internal static class ParameterReader
{
    public static readonly string[] Types = ["float", "int", "categorical"];
    public static readonly string[] NumberKeys = ["type", "low", "high", "log", "step", "points", "when", "default", "was"];
    public static readonly string[] CategoricalKeys = ["type", "choices", "when", "default", "was"];

    private const string Example = "{ type: float, low: 1e-4, high: 1.0, log: true }";
    private const long LargestWhole = 1L << 53;
    private const double MostSteps = 1e15;
    private const int MostPoints = 1_000_000;

    public static List<ParameterDraft> Read(Section root, bool network)
    {
        var drafts = new List<ParameterDraft>();
        var section = root.Map("parameters", null, example: $"parameters: {{ learning_rate: {Example} }}");
        if (root.Find("parameters") is null)
        {
            root.Missing("parameters", $"parameters: {{ learning_rate: {Example} }}");
        }
        else if (section is { Entries.Count: 0 })
        {
            section.Fault("there is no parameter to search", $"parameters: {{ learning_rate: {Example} }}");
        }

        foreach (var entry in section?.Entries ?? [])
        {
            drafts.Add(new ParameterDraft(entry, One(entry, root.Faults, network)));
        }

        return drafts;
    }

    private static Parameter? One(Entry entry, Faults faults, bool network)
    {
        var setting = network ? ModelSettings.Find(entry.Key) : null;
        if (network && setting is null)
        {
            faults.AtKey(
                entry,
                LaterRelease.Settings.TryGetValue(entry.Key, out var sentence) ? sentence : $"'{entry.Key}' is no setting of the network",
                LaterRelease.Settings.ContainsKey(entry.Key) ? null : Faults.Suggest(entry.Key, ModelReader.Names));
        }
        else if (!network && string.IsNullOrWhiteSpace(entry.Key))
        {
            faults.AtKey(entry, "a parameter needs a name");
        }

        if (entry.Value is not MappingNode mapping)
        {
            faults.AtKey(
                entry,
                $"{entry.Key} is a mapping, not {entry.Value.What}",
                entry.Value is SequenceNode ? $"{entry.Key}: {{ type: categorical, choices: [...] }}" : $"{entry.Key}: {Example}");
            return null;
        }

        // The keys depend on the type, so the type is read first.
        var type = Section.Open(mapping, entry.Line, entry.Column, faults, null).Word("type", Types);
        if (type is null)
        {
            if (mapping.Find("type") is null)
            {
                var guess = mapping.Find("choices") is null ? "float or int" : "categorical";
                faults.Add($"{mapping.Path}.type", entry.Line, entry.Column, $"the type of {entry.Key} is missing", $"type: {guess}");
            }

            return null;
        }

        var before = faults.Count;
        var section = Section.Open(mapping, entry.Line, entry.Column, faults, type == "categorical" ? CategoricalKeys : NumberKeys);
        Parameter? parameter = type switch
        {
            "float" => Float(entry, section, setting),
            "int" => Int(entry, section, setting),
            _ => Categorical(entry, section, setting),
        };
        return faults.Count == before && parameter is not null ? WithDefault(parameter, section, setting) : null;
    }

    /// <summary><c>default</c> is a value of the parameter; <c>was</c>, which the program writes, lies outside its range.</summary>
    private static Parameter WithDefault(Parameter parameter, Section section, Setting? setting)
    {
        if (section.Find("was") is { } was)
        {
            if (setting is null)
            {
                section.Faults.AtKey(was, $"{parameter.Name} was no setting before it was searched", "leave it out");
                return parameter;
            }

            return parameter with { Default = ModelReader.Value(setting, was.Value, section.Faults) };
        }

        if (section.Find("default") is not { Value: var node })
        {
            return parameter;
        }

        var before = section.Faults.Count;
        var written = setting is not null ? ModelReader.Value(setting, node, section.Faults) : (node as ScalarNode)?.Value;
        if (section.Faults.Count > before)
        {
            return parameter;
        }

        // As written first: a whole number of a float setting may be an int parameter's.
        var value = (node as ScalarNode)?.Value is { } raw && parameter.Match(raw) is { } match ? match : written is { } given ? parameter.Match(given) : null;
        if (value is null)
        {
            section.Faults.Add(node, $"the default of {parameter.Name} is one of its values, not {node.What}", $"it is {parameter.Describe()}");
        }

        return parameter with { Default = value };
    }

    private static FloatParameter? Float(Entry entry, Section section, Setting? setting)
    {
        if (setting is not null and not { Kind: ParameterValueKind.Float })
        {
            WrongType(section, setting, "float");
            return null;
        }

        var (low, high, log) = (section.Float("low"), section.Float("high"), section.Bool("log") ?? false);
        var (step, points) = (section.Float("step"), (int?)section.Int("points", 2, MostPoints));
        Required(section);
        if (low is null || high is null)
        {
            return null;
        }

        if (!(low < high))
        {
            NotBelow(section, low.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), high.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            return null;
        }

        if (!double.IsFinite(high.Value - low.Value))
        {
            section.Fault("the range is too wide for a number");
        }

        if (log && low <= 0)
        {
            At(section, "low", $"with log, low must be above 0, not {low}", "low: 1e-4, or without log");
        }

        if (step is { } width)
        {
            CheckStep(section, log, width, high.Value - low.Value);
            if (points is not null)
            {
                At(section, "points", "step and points exclude each other", "keep one of them");
            }
        }

        Range(section, setting, ParameterValue.Float(low.Value), ParameterValue.Float(high.Value));
        return new FloatParameter(entry.Key, low.Value, high.Value, log, step, points, []);
    }

    private static IntParameter? Int(Entry entry, Section section, Setting? setting)
    {
        if (setting is { Kind: not (ParameterValueKind.Int or ParameterValueKind.Float) })
        {
            WrongType(section, setting, "int");
            return null;
        }

        var (low, high) = (section.Int("low", -LargestWhole, LargestWhole), section.Int("high", -LargestWhole, LargestWhole));
        var (log, step, points) = (section.Bool("log") ?? false, section.Int("step", 1, LargestWhole), (int?)section.Int("points", 2, MostPoints));
        Required(section);
        if (low is null || high is null)
        {
            return null;
        }

        if (low >= high)
        {
            NotBelow(section, $"{low}", $"{high}");
            return null;
        }

        if (log && low < 1)
        {
            At(section, "low", $"with log, low must be at least 1, not {low}", "low: 1, or without log");
        }

        if (step is { } width && !(log && width == 1))
        {
            CheckStep(section, log, width, high.Value - low.Value);
        }

        Range(section, setting, ParameterValue.Int(low.Value), ParameterValue.Int(high.Value));
        return new IntParameter(entry.Key, low.Value, high.Value, log, step ?? 1, points, []);
    }

    private static CategoricalParameter? Categorical(Entry entry, Section section, Setting? setting)
    {
        var faults = section.Faults;
        if (section.Find("choices") is not { Value: var node })
        {
            section.Missing("choices", "choices: [a, b, c]");
            return null;
        }

        if (node is not SequenceNode list)
        {
            faults.Add(node, $"choices is a list, not {node.What}", "choices: [a, b, c]");
            return null;
        }

        if (list.Items.Count == 0)
        {
            faults.Add(node, "choices is empty", "choices: [a, b, c]");
            return null;
        }

        var choices = new List<ParameterValue>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (Choice(item, entry, setting, faults) is not { } choice)
            {
                continue;
            }

            if (choices.Any(c => c == choice || (c.IsNumber && choice.IsNumber && c.AsDouble() == choice.AsDouble())))
            {
                faults.Add(item, $"the choice '{choice}' stands twice", "keep one of them");
                continue;
            }

            choices.Add(choice);
        }

        return new CategoricalParameter(entry.Key, choices, []);
    }

    private static ParameterValue? Choice(Node item, Entry entry, Setting? setting, Faults faults)
    {
        if (setting is not null)
        {
            return ModelReader.Value(setting, item, faults);
        }

        if (item is ScalarNode { Value: { } value })
        {
            return value;
        }

        faults.Add(item, item is ScalarNode { Refusal: { } refusal } ? refusal : $"a choice of {entry.Key} is a text, a number, true or false, not {item.What}");
        return null;
    }

    private static void Required(Section section)
    {
        foreach (var key in (string[])["low", "high"])
        {
            if (section.Find(key) is null)
            {
                section.Missing(key, $"{key}: a number");
            }
        }
    }

    private static void CheckStep(Section section, bool log, double step, double range)
    {
        if (log)
        {
            At(section, "step", "log and step exclude each other", "keep one of them; points sets how many values a grid takes");
        }
        else if (step <= 0)
        {
            At(section, "step", $"step must be above 0, not {step}");
        }
        else if (step > range)
        {
            At(section, "step", $"step {step} is wider than the range from low to high, {range}");
        }
        else if (range / step > MostSteps)
        {
            At(section, "step", $"step {step} is too small for the range from low to high, {range}");
        }
    }

    private static void NotBelow(Section section, string low, string high) =>
        At(section, "low", $"low {low} is not below high {high}", low == high ? "a single value belongs under model" : "exchange them");

    private static void WrongType(Section section, Setting setting, string type)
    {
        var (what, right) = setting.Kind switch
        {
            ParameterValueKind.Int => ("a whole number", "int"),
            ParameterValueKind.Bool => ("true or false", "categorical, choices: [true, false]"),
            _ when setting.IsList => ("a list of widths", "categorical, choices: [256-64, 128]"),
            _ => ("a word", $"categorical, choices: [{string.Join(", ", setting.Choices)}]"),
        };
        At(section, "type", $"{setting.Name} cannot be {type}: it is {what}", $"type: {right}");
    }

    private static void Range(Section section, Setting? setting, ParameterValue low, ParameterValue high)
    {
        foreach (var (key, value) in ((string, ParameterValue)[])[("low", low), ("high", high)])
        {
            if (setting?.Refuse(value) is { } problem)
            {
                At(section, key, $"{setting.Name}: {problem}");
            }
        }
    }

    private static void At(Section section, string key, string problem, string? hint = null) =>
        section.Faults.Add(section.Find(key)!.Value, problem, hint);
}
