using TuningCluster.Shared.Strategies;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>warm_start:</c>: an earlier study, or a table of trials.</summary>
internal static class WarmStartReader
{
    private const string Study = "study";
    private const string Csv = "csv";
    private const string Example = "warm_start: { study: my-earlier-study }";

    /// <param name="root">The study file.</param>
    /// <param name="name">The study's own.</param>
    /// <param name="strategy">The strategy's.</param>
    public static WarmStartSpec? Read(Section root, string name, string strategy)
    {
        if (root.Find("warm_start") is not { } entry || root.Map("warm_start", [Study, Csv], example: Example) is not { } section)
        {
            return null;
        }

        if (!StrategySettings.ForWarmStart.Contains(strategy))
        {
            root.Faults.AtKey(
                entry,
                strategy == StrategySettings.Population ? "pbt begins with weights, which earlier trials do not give" : $"{strategy} learns nothing from trials",
                $"strategy: one of {string.Join(", ", StrategySettings.ForWarmStart)}; or leave warm_start out");
        }

        var (study, csv) = (section.Text(Study), section.Text(Csv));
        if (section.Find(Study) is null == section.Find(Csv) is null)
        {
            section.Fault(
                section.Find(Study) is null ? "warm_start names nothing to start from" : "warm_start names a study and a table; it takes one of the two",
                $"{Example}, or warm_start: {{ csv: trials.csv }}");
        }

        if (study is not null && study == name)
        {
            root.Faults.AtKey(section.Find(Study)!, "a study cannot start from itself", "give one of the two another name");
        }

        return new WarmStartSpec(study, csv);
    }
}
