using System.Globalization;
using TuningCluster.Benchmarks.Contests;

namespace TuningCluster.Benchmarks.Study;

/// <summary>The whole job: the digits study of the README against the same study by Optuna and PyTorch, each a command from start to end
/// on the same two processors.</summary>
internal sealed class StudySuite : ISuite
{
    private const int FirstSeed = 42;

    public string Name => "study";

    public string Summary => "Seconds and best value of the README's digits study against Optuna + PyTorch in two processes.";

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress)
    {
        var (runs, trials) = quick ? (1, 12) : (5, 60);
        progress.WriteLine("Publishing 'tuning' ReadyToRun …");
        var program = PublishedProgram.Publish();
        progress.WriteLine("Warming up …");
        DigitsStudy.RunOurs(program, 2, FirstSeed);

        var ours = new List<StudyResult>();
        var rivals = new List<StudyResult>();
        var rivalName = DigitsStudy.MissingRival;
        for (var seed = FirstSeed; seed < FirstSeed + runs; seed++)
        {
            ours.Add(DigitsStudy.RunOurs(program, trials, seed));
            progress.WriteLine(Say("ours", ours[^1]));
            if (DigitsStudy.RunRival(trials, seed, out rivalName) is { } rival)
            {
                rivals.Add(rival);
                progress.WriteLine(Say(rivalName, rival));
            }
        }

        return
        [
            Row($"digits, {trials} trials", "s", result => result.Seconds, 10),
            Row($"digits, {trials} trials, best", "validation loss", result => result.Best, 1),
        ];

        Row Row(string label, string unit, Func<StudyResult, double> value, double goal) => new(
            Name, label, unit, Median.Of(ours.Select(value)), rivals.Count == 0 ? null : Median.Of(rivals.Select(value)), rivalName, goal,
            GoalOf.Ratio, Better.Lower, runs, Machine.Cpu, Machine.Today);
    }

    private static string Say(string who, StudyResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"{who}: {result.Seconds:F2} s, best {result.Best:G4}");
}
