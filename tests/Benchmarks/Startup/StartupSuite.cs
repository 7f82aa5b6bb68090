namespace TuningCluster.Benchmarks.Startup;

/// <summary>How long a user waits before the first trial trains.</summary>
internal sealed class StartupSuite : ISuite
{
    public string Name => "startup";

    public string Summary => "Seconds from the start of 'tuning run demo' to its first trial running, published ReadyToRun.";

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress)
    {
        progress.WriteLine("Publishing 'tuning' ReadyToRun …");
        var program = PublishedProgram.Publish();

        progress.WriteLine("Warming up …");
        DemoRun.SecondsToFirstTrial(program);

        var seconds = new List<double>();
        var runs = quick ? 3 : 7;
        while (seconds.Count < runs)
        {
            seconds.Add(DemoRun.SecondsToFirstTrial(program));
            progress.WriteLine($"Run {seconds.Count} of {runs}: {seconds[^1]:F3} s");
        }

        return
        [
            new Row(Name, "first trial of demo", "s", Median.Of(seconds), null, "none", 1.0, GoalOf.Ours, Better.Lower, runs, Machine.Cpu, Machine.Today),
        ];
    }
}
