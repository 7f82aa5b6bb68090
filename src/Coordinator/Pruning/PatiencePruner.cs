using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>Ends a trial that has not become better for so many steps.</summary>
/// <param name="steps">When it judges.</param>
/// <param name="patience">Steps without progress; ≥ 1.</param>
/// <param name="progress">What counts as progress: better than the best before by more than this; ≥ 0.</param>
public sealed class PatiencePruner(JudgementSteps steps, int patience, double progress) : IPruner
{
    public bool LetsWait => false;

    public int? NextStep(int number, int step) => steps.After(step);

    public bool Stops(StudyHistory history, int number)
    {
        var (best, since) = (double.NaN, 0);
        var curve = history.Trials[number].Curve;
        foreach (var point in curve)
        {
            var loss = history.Direction.ToLoss(point.Value);
            if (since == 0 || loss < best - progress)
            {
                (best, since) = (loss, point.Step);
            }
        }

        return curve.Count > 0 && curve[^1].Step - since >= patience;
    }

    public IReadOnlyList<int> GoOn(StudyHistory history) => PausedTrials.Of(history);
}
