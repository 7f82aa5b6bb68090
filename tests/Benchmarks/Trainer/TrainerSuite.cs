using System.Globalization;
using TuningCluster.Benchmarks.Contests;

namespace TuningCluster.Benchmarks.Trainer;

/// <summary>How fast small networks train: ours against PyTorch and against numpy by hand, one thread each, on one and the same core.</summary>
/// <remarks>Every contestant runs the whole loop with the data in memory: shuffle, gather, forward, loss, backward, step.</remarks>
internal sealed class TrainerSuite : ISuite
{
    /// <summary>As many as PyTorch trains in one batched product in the contest on S.</summary>
    private const int BatchedNetworks = 16;

    private const string PerSecond = "samples/s";

    public string Name => "trainer";

    public string Summary => "Training throughput on networks from S to XL against PyTorch and numpy, share of the core's peak, cost of a trial.";

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress)
    {
        if (!Cpus.CanPin)
        {
            progress.WriteLine("There is no taskset: contestants are not held to one core, and the figures scatter more.");
        }

        var cases = TrainerCase.All.Select(of => quick ? of.Shortened() : of).ToArray();
        var effort = quick ? new Effort(3, 3, 0.1, 0.05) : new Effort(7, 21, 0.5, 0.1);
        using var ours = Start(cases[0], 1);
        return
        [
            .. OneCore(cases, ours, effort, progress),
            .. Batched(cases[0], ours, effort, progress),
            .. TwoCores(cases, effort, progress),
            FixedCost(cases[0], ours, effort, progress),
            TrialsPerHour(cases[0], ours, effort, progress),
        ];
    }

    /// <summary>Ours after a second's training: the runtime compiles its hot methods twice before they are at their best.</summary>
    private static Contestant Start(TrainerCase of, int cpus)
    {
        var ours = Contestant.Ours("trainer", cpus);
        foreach (var optimizer in new[] { "sgd", "adam" })
        {
            var warmUp = Turn.Of(ours, TrainerQuestion.About(TrainerQuestion.RowsPerSecond, of, optimizer, 0.5));
            ours.Measure(warmUp.Question, warmUp.Threads);
        }

        return ours;
    }

    private List<Row> OneCore(TrainerCase[] cases, Contestant ours, Effort effort, TextWriter progress)
    {
        using var torch = Contestant.Rival("PyTorch", "torch_networks.py", 1, "torch");
        using var numpy = Contestant.Rival("numpy", "numpy_networks.py", 1, "numpy");
        var rows = new List<Row>();
        var operations = new List<(string Label, double Speed, double Goal)>();
        var peaks = new List<double>();
        foreach (var of in cases)
        {
            foreach (var (optimizer, goals) in new[] { ("sgd", of.Sgd), ("adam", of.Adam) })
            {
                var label = $"{of.Name} {optimizer}";
                progress.WriteLine($"{label}: {string.Join('-', of.Sizes)}, batch {of.Batch}, {of.Rows} rows …");
                var question = TrainerQuestion.About(TrainerQuestion.RowsPerSecond, of, optimizer, effort.Seconds);
                var peakQuestion = question with { Measure = TrainerQuestion.Peak, Seconds = effort.PeakSeconds };
                var medians = Rounds.Medians(
                    effort.Rounds, effort.Tries, progress, Turn.Of(ours, peakQuestion), Turn.Of(ours, question), Turn.Of(torch, question), Turn.Of(numpy, question));
                var (peak, mine) = (medians[0]!.Value, medians[1]!.Value);
                progress.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{label}: ours {mine:N0}, {torch.Name} {medians[2]:N0}, {numpy.Name} {medians[3]:N0} {PerSecond}"));
                rows.Add(Row(label, PerSecond, mine, medians[2], torch.Name, goals.Torch, GoalOf.Ratio, effort));
                rows.Add(Row(label, PerSecond, mine, medians[3], numpy.Name, goals.Numpy, GoalOf.Ratio, effort));
                peaks.Add(peak);
                if (optimizer == "sgd")
                {
                    operations.Add((label, mine * of.Operations / 1e9, of.ShareOfPeak));
                }
            }
        }

        // The core's best of the whole run: a round that was disturbed while it measured the peak would flatter the share.
        var best = peaks.Max();
        return
        [
            Row("peak of one core", "GFLOP/s", best, null, "none", null, GoalOf.Ours, effort),
            .. rows,
            .. operations.Select(o => Row(o.Label, "share of peak", o.Speed / best, null, "none", o.Goal, GoalOf.Ours, effort)),
        ];
    }

    /// <summary>Frameworks are slow on small networks because each step is many calls; sixteen networks share them here. A row counts
    /// once for each network that learns from it.</summary>
    private List<Row> Batched(TrainerCase of, Contestant ours, Effort effort, TextWriter progress)
    {
        using var batched = Contestant.Rival("PyTorch bmm", "torch_batched_networks.py", 1, "torch");
        var rows = new List<Row>();
        foreach (var optimizer in new[] { "sgd", "adam" })
        {
            var label = $"{of.Name} {optimizer}, {BatchedNetworks} networks";
            progress.WriteLine($"{label} …");
            var question = TrainerQuestion.About(TrainerQuestion.RowsPerSecond, of, optimizer, effort.Seconds);
            var medians = Rounds.Medians(
                effort.Rounds, effort.Tries, progress, Turn.Of(ours, question), Turn.Of(batched, question with { Count = BatchedNetworks }));
            rows.Add(Row(label, PerSecond, medians[0]!.Value, medians[1], batched.Name, 1, GoalOf.Ratio, effort));
        }

        return rows;
    }

    /// <summary>Two trials on two threads of one process, as a worker with two slots runs them, and one trial on two, against one on one.</summary>
    private List<Row> TwoCores(TrainerCase[] cases, Effort effort, TextWriter progress)
    {
        var rows = new List<Row>();
        if (Cpus.Count < 2)
        {
            progress.WriteLine("There is one core: two trials at once are not measured.");
            return rows;
        }

        using var ours = Start(cases[0], 2);
        foreach (var of in cases.Where(of => of.TwoTrials is not null))
        {
            var label = $"{of.Name} sgd, two trials on two cores";
            progress.WriteLine($"{label} …");
            // Trials of a usual length: short ones follow one another, and the cost of starting them is in, as in a study.
            var one = TrainerQuestion.About(TrainerQuestion.RowsPerSecondAtOnce, of, "sgd", 2 * effort.Seconds) with { Epochs = 20 };
            var medians = Rounds.Medians(effort.Rounds, effort.Tries, progress, Turn.Of(ours, one with { Count = 2 }, 2), Turn.Of(ours, one));
            rows.Add(Row(label, PerSecond, medians[0]!.Value, medians[1], "one trial of ours", of.TwoTrials, GoalOf.Ratio, effort));
        }

        var largest = cases[^1];
        progress.WriteLine($"{largest.Name} sgd, one trial on two threads …");
        var alone = TrainerQuestion.About(TrainerQuestion.RowsPerSecond, largest, "sgd", 2 * effort.Seconds);
        var shared = Rounds.Medians(effort.Rounds, effort.Tries, progress, Turn.Of(ours, alone with { Threads = 2 }, 2), Turn.Of(ours, alone));
        rows.Add(Row($"{largest.Name} sgd, one trial on two threads", PerSecond, shared[0]!.Value, shared[1], "one thread of ours", 1.8, GoalOf.Ratio, effort));
        return rows;
    }

    private Row FixedCost(TrainerCase of, Contestant ours, Effort effort, TextWriter progress)
    {
        progress.WriteLine("Fixed cost of a trial …");
        var question = TrainerQuestion.About(TrainerQuestion.FixedCost, of, "sgd", effort.Seconds);
        var cost = Rounds.Medians(effort.Rounds, effort.Tries, progress, Turn.Of(ours, question))[0]!.Value;
        return Row($"{of.Name} sgd, fixed cost of a trial", "ms", cost, null, "none", 1, GoalOf.Ours, effort, Better.Lower);
    }

    private Row TrialsPerHour(TrainerCase of, Contestant ours, Effort effort, TextWriter progress)
    {
        progress.WriteLine("Trials of 20 epochs on the digits …");
        using var sklearn = Contestant.Rival("scikit-learn", "sklearn_trials.py", 1, "sklearn");
        var question = TrainerQuestion.About(TrainerQuestion.TrialsPerHour, of, "adam", effort.Seconds) with { Epochs = 20, Data = Digits.File };
        var medians = Rounds.Medians(effort.Rounds, effort.Tries, progress, Turn.Of(ours, question), Turn.Of(sklearn, question));
        return Row("digits 64-32-10, 20 epochs", "trials/h", medians[0]!.Value, medians[1], sklearn.Name, null, GoalOf.Ratio, effort);
    }

    private Row Row(
        string label, string unit, double ours, double? rival, string rivalName, double? goal, GoalOf goalOf, Effort effort,
        Better better = Better.Higher) =>
        new(Name, label, unit, ours, rival, rivalName, goal, goalOf, better, effort.Rounds, Machine.Cpu, Machine.Today);

    /// <param name="Rounds">That count.</param>
    /// <param name="Tries">Rounds at most, on a machine that does other work as well.</param>
    /// <param name="Seconds">A contestant has in a round, at least; whole trainings are finished.</param>
    /// <param name="PeakSeconds">For the core's peak in a round.</param>
    private sealed record Effort(int Rounds, int Tries, double Seconds, double PeakSeconds);
}
