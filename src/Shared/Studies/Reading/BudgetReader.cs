using TuningCluster.Shared.Strategies;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>budget:</c>, <c>limits:</c>, <c>parallel:</c>, <c>retry:</c> and <c>reproducible:</c>.</summary>
internal static class BudgetReader
{
    public static readonly string[] BudgetKeys = ["trials", "time", "target", "patience", "failures"];
    public static readonly string[] LimitsKeys = ["time", "memory"];
    /// <summary>Threads of one trial: beyond any machine's cores, and not beyond what a process can start.</summary>
    public const int MostThreads = 256;

    public static readonly string[] ParallelKeys = ["trials", "threads"];
    public static readonly string[] RetryKeys = ["attempts"];
    public static readonly string[] ReproducibleKeys = ["mode", "window"];
    public static readonly string[] Modes = ["best_effort", "strict"];

    public const int DefaultAttempts = 3;

    private const string Example = "budget: { trials: 100 }";

    public static BudgetSpec Budget(Section root, string strategy)
    {
        var section = root.Map("budget", BudgetKeys, example: Example);
        var hasEnd = strategy is "grid" or StrategySettings.Population;
        if (!hasEnd && root.Find("budget") is null)
        {
            root.Missing("budget", Example);
        }

        if (section is null)
        {
            return new BudgetSpec(null, null, null, null, null);
        }

        if (!hasEnd && section.Find("trials") is null && section.Find("time") is null)
        {
            section.Fault("without trials or time the study would never end", Example);
        }

        return new BudgetSpec(
            section.Int("trials", 1), section.Duration("time"), section.Float("target"), section.Int("patience", 1), section.Int("failures", 1));
    }

    public static LimitsSpec Limits(Section root)
    {
        var section = root.Map("limits", LimitsKeys, example: "limits: { time: 2m, memory: 1GiB }");
        return new LimitsSpec(section?.Duration("time"), section?.Size("memory"));
    }

    public static ParallelSpec Parallel(Section root)
    {
        var section = root.Map("parallel", ParallelKeys, example: "parallel: { trials: auto, threads: 1 }");
        int? trials = null;
        switch (section?.Find("trials")?.Value)
        {
            case null or ScalarNode { Raw: "auto" }:
                break;
            case ScalarNode { Value: { Kind: SearchSpaces.ParameterValueKind.Int } }:
                trials = section.Int("trials", 1);
                break;
            case var other:
                root.Faults.Add(other, $"trials is auto or a whole number, not {other.What}", "trials: auto");
                break;
        }

        var threads = (int)(section?.Int("threads", 1, MostThreads) ?? 1);
        return new ParallelSpec(trials, threads);
    }

    public static RetrySpec Retry(Section root) =>
        new(root.Map("retry", RetryKeys, example: "retry: { attempts: 3 }")?.Int("attempts", 1) ?? DefaultAttempts);

    public static ReproducibleSpec Reproducible(Section root, BudgetSpec budget)
    {
        const string example = "reproducible: { mode: strict, window: 8 }";
        if (root.Find("reproducible")?.Value is ScalarNode scalar)
        {
            if (scalar.Raw == "strict")
            {
                root.Faults.Add(scalar, "strict needs a window", example);
            }
            else
            {
                root.Word("reproducible", Modes);
            }

            return new ReproducibleSpec(null);
        }

        var section = root.Map("reproducible", ReproducibleKeys, example: example);
        var mode = section?.Word("mode", Modes);
        var window = section?.Int("window", 1);
        if (section is not null && section.Find("mode") is null)
        {
            section.Missing("mode", "mode: strict");
        }
        else if (mode == "strict" && section!.Find("window") is null)
        {
            section.Missing("window", "window: as many trials as run at a time, such as 8");
        }
        else if (mode == "best_effort" && section!.Find("window") is { } useless)
        {
            root.Faults.AtKey(useless, "a window belongs to strict", "mode: strict");
        }

        if (mode == "strict" && budget.Time is not null)
        {
            root.Faults.AtKey(
                ((MappingNode)root.Find("budget")!.Value).Find("time")!,
                "a time budget ends the study at another trial each time, which strict does not allow",
                "trials is repeatable");
        }

        return new ReproducibleSpec(mode == "strict" ? window : null);
    }
}
