namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>data:</c>.</summary>
internal static class DataReader
{
    public static readonly string[] Keys = ["source", "sha256", "target", "task", "split", "scale", "one_hot_max_size"];
    public static readonly string[] SplitKeys = ["validation", "test", "seed", "stratify", "folds"];
    public static readonly string[] Tasks = ["classification", "regression"];
    public static readonly string[] Scales = ["none", "standard", "minmax"];

    /// <summary>Stands in the names of idx files, which say themselves where their labels are.</summary>
    public const string IdxWord = "idx";

    public const double DefaultValidation = 0.2;
    public const double DefaultTest = 0.2;
    public const int LeastFolds = 2;

    /// <summary>Columns of more categories are left out anyway.</summary>
    public const int GreatestOneHotMaxSize = 1000;

    /// <summary>Null when the section is absent or useless.</summary>
    public static DataSpec? Read(Section root)
    {
        if (root.Map("data", Keys, LaterRelease.DataKeys, "data: { source: data.csv, target: label }") is not { } data)
        {
            return null;
        }

        var source = Source(data);
        var targets = Targets(data);
        var task = Task(data, targets);
        var scale = data.Word("scale", Scales) switch
        {
            "none" => ScaleMethod.None,
            "minmax" => ScaleMethod.MinMax,
            _ => ScaleMethod.Standard,
        };
        var oneHot = (int?)data.Int("one_hot_max_size", 0, GreatestOneHotMaxSize) ?? DataSpec.DefaultOneHotMaxSize;
        return new DataSpec(source ?? "", Hash(data), targets, task, Split(data, task), scale, oneHot);
    }

    private static List<string> Targets(Section data)
    {
        switch (data.Find("target")?.Value)
        {
            case null when data.Find("source")?.Value is ScalarNode { Raw: var source } && source.Contains(IdxWord, StringComparison.Ordinal):
                return [];
            case null:
                data.Missing("target", "target: the name of the column to predict");
                return [];
            case SequenceNode list:
                return Distinct(data, list);
            default:
                return data.Text("target") is { } target ? [target] : [];
        }
    }

    private static List<string> Distinct(Section data, SequenceNode list)
    {
        var targets = new List<string>();
        foreach (var item in list.Items)
        {
            if (item is not ScalarNode { IsNull: false, Raw: var raw } || string.IsNullOrWhiteSpace(raw))
            {
                data.Faults.Add(item, $"a target is the name of a column, not {item.What}");
            }
            else if (targets.Contains(raw))
            {
                data.Faults.Add(item, $"the target '{raw}' stands twice");
            }
            else
            {
                targets.Add(raw);
            }
        }

        if (list.Items.Count == 0)
        {
            data.Faults.Add(list, "target is an empty list", "target: the name of the column to predict");
        }

        return targets;
    }

    /// <summary>Several targets leave only one task.</summary>
    private static LearningTask? Task(Section data, List<string> targets)
    {
        switch (data.Word("task", Tasks))
        {
            case "classification" when targets.Count > 1:
                data.Faults.Add(
                    data.Find("task")!.Value,
                    $"{targets.Count} targets are a regression: a classification has one target, whose values are the classes",
                    "task: regression, or one target");
                return LearningTask.Regression;
            case "classification":
                return LearningTask.Classification;
            case "regression":
                return LearningTask.Regression;
            default:
                return targets.Count > 1 ? LearningTask.Regression : null;
        }
    }

    private static string? Source(Section data)
    {
        switch (data.Find("source")?.Value)
        {
            case null:
                data.Missing("source", "source: data.csv, relative to this file");
                return null;
            case SequenceNode or MappingNode:
                data.Faults.Add(data.Find("source")!.Value, "source is one file; the labels of an idx pair are found beside its images");
                return null;
        }

        return data.Text("source");
    }

    private static string? Hash(Section data)
    {
        var hash = data.Text("sha256");
        if (hash is not null && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
        {
            data.Faults.Add(data.Find("sha256")!.Value, "sha256 is 64 hexadecimal digits");
        }

        return hash?.ToLowerInvariant();
    }

    private static SplitSpec Split(Section data, LearningTask? task)
    {
        var split = data.Map("split", SplitKeys, example: "split: { validation: 0.2, test: 0.2 }");
        var folds = split?.Int("folds", LeastFolds);
        var given = Share(split, "validation", lowOpen: true);
        var test = Share(split, "test", lowOpen: false) ?? DefaultTest;
        var validation = split?.Find("folds") is null ? given ?? DefaultValidation : 0;
        if (split?.Find("folds") is not null && split.Find("validation") is { } superfluous)
        {
            data.Faults.Add(superfluous.Value, "with folds every row outside the test part validates once: there is no share of its own", "leave out one of folds and validation");
        }
        else if (validation + test >= 1)
        {
            split?.Fault($"validation {validation} and test {test} leave nothing to train on", "together less than 1");
        }

        var stratify = split?.Bool("stratify");
        if (stratify == true && task == LearningTask.Regression)
        {
            data.Faults.Add(split!.Find("stratify")!.Value, "stratify keeps the classes' shares, and regression has none", "stratify: false");
        }

        return new SplitSpec(validation, test, split?.Int("seed", 0, long.MaxValue) ?? 0, stratify ?? task != LearningTask.Regression, folds);
    }

    private static double? Share(Section? split, string key, bool lowOpen)
    {
        var share = split?.Float(key);
        if (share is { } value && !((lowOpen ? value > 0 : value >= 0) && value < 1))
        {
            split!.Faults.Add(split.Find(key)!.Value, $"{key} is a share of the rows in {(lowOpen ? "(" : "[")}0, 1), not {value}", $"{key}: 0.2");
            return null;
        }

        return share;
    }
}
