using TuningCluster.Coordinator.Search;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>Ends a trial whose objective leaves a range after the warm-up.</summary>
/// <param name="steps">When it judges.</param>
/// <param name="lower">Values below it are out; null for no limit.</param>
/// <param name="upper">Values above it are out; null for no limit.</param>
public sealed class ThresholdPruner(JudgementSteps steps, double? lower, double? upper) : IPruner
{
    public bool LetsWait => false;

    public int? NextStep(int number, int step) => steps.After(step);

    public bool Stops(StudyHistory history, int number) =>
        history.Trials[number].Curve.Any(point => point.Step > steps.Warmup && (point.Value < lower || point.Value > upper));

    public IReadOnlyList<int> GoOn(StudyHistory history) => PausedTrials.Of(history);
}
