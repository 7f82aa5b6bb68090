using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Views;

public sealed class StudyReplayTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void What_was_drawn_agrees_and_the_first_that_was_changed_is_named(int? window)
    {
        var events = Events(window);
        Assert.Equal((8, null), (Replay(events).Checked, Replay(events).Difference));

        var at = events.FindIndex(e => e is TrialSuggested { Number: 5 });
        events[at] = (TrialSuggested)events[at] with { Parameters = Specs.Point(1, 2) };
        Assert.Equal(6, Replay(events).Checked);
        Assert.Contains("trial 5: the journal has x1=1 x2=2; from its history random/", Replay(events).Difference, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_or_other_settings_are_told()
    {
        var events = Events(window: null);
        var at = events.FindIndex(e => e is TrialSuggested { Number: 1 });
        var suggested = (TrialSuggested)events[at];
        events[at] = suggested with { Sampler = "random/random-0" };
        Assert.Contains("it was drawn by random/random-0; this program has random/", Replay(events).Difference, StringComparison.Ordinal);
        events[at] = suggested with { SettingsHash = "00" };
        Assert.Contains("it was drawn with the settings 00", Replay(events).Difference, StringComparison.Ordinal);
    }

    private static ReplayReport Replay(List<StudyEvent> events) => StudyReplay.Run(events, StudyBench.Id);

    /// <summary>Two at a time, the second of each pair first; one set was enqueued.</summary>
    private static List<StudyEvent> Events(int? window)
    {
        var spec = Specs.Random(8) with { Enqueue = [Specs.Point(1, 1)], Reproducible = new ReproducibleSpec(window) };
        var (bench, sampler) = (new StudyBench(spec), SamplerFactory.Create(spec));
        bench.Join("a", slots: 2);
        for (var n = 0; n < 8; n += 2)
        {
            bench.Decide(Suggesting.Draw(bench.State, sampler, SettingsHash.Of(spec), 2));
            bench.Complete(n + 1, n);
            bench.End(n, new TrialOutcome.Diverged(1, "NaN"));
        }

        return [.. bench.Journal];
    }
}
