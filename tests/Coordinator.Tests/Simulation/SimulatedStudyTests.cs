using System.Globalization;
using TuningCluster.TestKit.Simulation;

namespace TuningCluster.Coordinator.Tests.Simulation;

/// <summary>Thousands of small studies in virtual time, everything failing around them. A failure names its seed and how to see it again.</summary>
public sealed class SimulatedStudyTests(ITestOutputHelper output)
{
    /// <summary>A seed here runs that simulation alone.</summary>
    private const string SeedVariable = "TUNING_SIM_SEED";

    private const int LinesShown = 40;

    [Fact]
    public void A_study_keeps_its_promises_whatever_fails_around_it() => Run(first: 1, count: 2_000);

    [Fact]
    [Trait("Lane", "Long")]
    public void A_study_keeps_its_promises_over_twenty_thousand_seeds() => Run(first: 10_001, count: 20_000);

    [Fact]
    public void The_same_seed_is_the_same_simulation()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var (once, again) = (new SimulationLog(100_000), new SimulationLog(100_000));

            SimulatedCluster.Run(seed, log: once);
            SimulatedCluster.Run(seed, log: again);

            Assert.Equal(once.Lines, again.Lines);
        }
    }

    [Theory]
    [MemberData(nameof(PlantedBugs))]
    public void A_planted_bug_is_caught_within_three_hundred_seeds(PlantedBug bug)
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            if (SimulatedCluster.Run(seed, bug).Faults is [var fault, ..])
            {
                output.WriteLine($"seed {seed}: {fault}");
                return;
            }
        }

        Assert.Fail($"No seed notices {bug}.");
    }

    public static TheoryData<PlantedBug> PlantedBugs() => [.. Enum.GetValues<PlantedBug>().Where(bug => bug != PlantedBug.None)];

    private static void Run(int first, int count)
    {
        if (long.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var only))
        {
            Holds(only);
            return;
        }

        for (var seed = first; seed < first + count; seed++)
        {
            Holds(seed);
        }
    }

    private static void Holds(long seed)
    {
        if (SimulatedCluster.Run(seed).Faults.Count == 0)
        {
            return;
        }

        // The same again, with a log this time.
        var log = new SimulationLog(LinesShown);
        var result = SimulatedCluster.Run(seed, log: log);
        Assert.Fail(string.Join(
            Environment.NewLine,
            [
                $"Seed {seed}:",
                .. result.Faults,
                "",
                "The last of what happened:",
                .. log.Lines,
                "",
                $"See it again: {SeedVariable}={seed} and this test.",
            ]));
    }
}
