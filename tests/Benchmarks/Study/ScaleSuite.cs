using System.Globalization;

namespace TuningCluster.Benchmarks.Study;

/// <summary>What a second worker brings: the digits study, with trials of more than a second, on a coordinator and one or two workers of one slot.</summary>
/// <remarks>All of them on this machine: on two processors, what coordinator and workers need beside the training shows.</remarks>
internal sealed class ScaleSuite : ISuite
{
    public string Name => "scale";

    public string Summary => "Trials per hour of the digits study on a coordinator with two workers of one slot, against one.";

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress)
    {
        var (runs, trials) = quick ? (1, 24) : (5, 40);
        progress.WriteLine("Publishing 'tuning' and 'trial-worker' ReadyToRun …");
        var programs = (PublishedProgram.Publish(), PublishedProgram.PublishWorker());
        var (two, one) = (new List<ClusterResult>(), new List<ClusterResult>());
        while (two.Count < runs)
        {
            one.Add(ClusterRun.Run(programs, trials, 1));
            progress.WriteLine(Say(1, one[^1]));
            two.Add(ClusterRun.Run(programs, trials, 2));
            progress.WriteLine(Say(2, two[^1]));
        }

        return
        [
            new Row(
                Name, string.Create(CultureInfo.InvariantCulture, $"digits, {trials} trials of {Median.Of(one.Select(r => r.MedianSeconds)):F1} s, 2 workers"), "trials/h",
                Median.Of(two.Select(r => r.TrialsPerHour)), Median.Of(one.Select(r => r.TrialsPerHour)), "1 worker", 1.85, GoalOf.Ratio, Better.Higher, runs, Machine.Cpu, Machine.Today),
        ];
    }

    private static string Say(int workers, ClusterResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"{workers} workers: {result.TrialsPerHour:F0} trials/h, a trial {result.MedianSeconds:F2} s");
}
