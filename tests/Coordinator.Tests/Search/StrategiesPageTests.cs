using TuningCluster.Shared.Strategies;
using TuningCluster.TrialWorker.Tests.Docs;

namespace TuningCluster.Coordinator.Tests.Search;

/// <summary>docs/strategies.md has a section for every strategy, with each of its settings and their defaults.</summary>
public sealed class StrategiesPageTests
{
    public static TheoryData<string> Strategies => [.. StrategySettings.Table.Names];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Every_strategy_has_its_section_and_settings(string name)
    {
        var page = File.ReadAllText(DocsFolder.PathOf("strategies.md"));
        var from = page.IndexOf($"\n## {name}\n", StringComparison.Ordinal);
        Assert.True(from >= 0, $"docs/strategies.md has no section '{name}'.");
        var end = page.IndexOf("\n## ", from + 4, StringComparison.Ordinal);
        var section = page[from..end];
        foreach (var setting in StrategySettings.Table.Of(name))
        {
            var row = section.Split('\n').FirstOrDefault(line => line.StartsWith($"| `{setting.Name}` |", StringComparison.Ordinal));
            Assert.True(row is not null, $"The section '{name}' has no row for '{setting.Name}'.");
            if (setting.Default is { } value)
            {
                Assert.Contains($"`{value}`", row, StringComparison.Ordinal);
            }
        }
    }
}
