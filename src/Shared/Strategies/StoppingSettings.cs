using TuningCluster.Shared.Settings;

namespace TuningCluster.Shared.Strategies;

/// <summary>The rules that stop trials early and their settings: what schema, validation and documentation go by.</summary>
public static class StoppingSettings
{
    /// <summary>The rule that stops nothing.</summary>
    public const string None = "none";

    private const int MostSteps = 1_000_000;

    private static readonly Setting Interval = Setting.Int(
        "interval", 1, MostSteps, null, "Steps between two judgements; a tenth of the trial's steps when absent.");

    private static readonly Setting Warmup = Setting.Int("warmup", 0, MostSteps, 0, "Steps at the beginning of a trial that are not judged.");

    private static readonly Setting Min = Setting.Int("min", 1, MostSteps, 1, "The step of the first rung.");

    private static readonly Setting Factor = Setting.Int("factor", 2, 1000, 3, "One of so many trials goes on from a rung; the next rung is so many times as far.");

    private static readonly Setting Max = Setting.Int("max", 2, MostSteps, null, "The last step; the epochs when absent.");

    public static readonly SettingTable Table = new(
        (None, []),
        ("median",
        [
            Setting.Int("startup", 0, MostSteps, 5, "Complete trials before one is stopped."),
            Warmup,
            Interval,
            Setting.Float("percentile", 0, true, 100, 50, "A trial ends when its best value is worse than this percentile of the complete trials' values at the same step; 50 is the median."),
        ]),
        ("asha",
        [
            Min,
            Factor,
            Max,
            Setting.Text("mode", ["stop", "promote"], "stop", "stop: who is not among the best 1/factor at a rung ends there; promote: it waits, and goes on when it is."),
        ]),
        ("hyperband", [Min, Factor, Max]),
        ("patience",
        [
            Setting.Int("patience", 1, MostSteps, 10, "Steps without progress after which a trial ends."),
            Setting.Float("min_delta", 0, false, double.PositiveInfinity, 0, "Progress is a value better than the best before by more than this."),
            Warmup,
            Interval,
        ]),
        ("threshold",
        [
            Setting.Float("lower", double.NegativeInfinity, false, double.PositiveInfinity, null, "A trial with a value below it ends."),
            Setting.Float("upper", double.NegativeInfinity, false, double.PositiveInfinity, null, "A trial with a value above it ends."),
            Warmup,
            Interval,
        ]));
}
