using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>A trial's curve as losses: smaller is better, whatever the study's direction.</summary>
internal static class LearningCurve
{
    /// <summary>The last step in the history; 0 when there is none.</summary>
    public static int LastStep(HistoryTrial trial) => trial.Curve.Count == 0 ? 0 : trial.Curve[^1].Step;

    /// <summary>The loss at a step: of the last value at or before it; NaN when there is none.</summary>
    public static double LossAt(HistoryTrial trial, int step, Direction direction)
    {
        var curve = trial.Curve;
        // Steps count from 1 without gaps as a rule: the first look is where it should be.
        var index = Math.Min(step, curve.Count) - 1;
        while (index + 1 < curve.Count && curve[index + 1].Step <= step)
        {
            index++;
        }

        while (index >= 0 && curve[index].Step > step)
        {
            index--;
        }

        return index < 0 ? double.NaN : direction.ToLoss(curve[index].Value);
    }

    /// <summary>The least loss so far and the step it was reached at; (NaN, 0) when there is none.</summary>
    public static (double Loss, int Step) Best(HistoryTrial trial, Direction direction)
    {
        var best = (Loss: double.NaN, Step: 0);
        foreach (var point in trial.Curve)
        {
            var loss = direction.ToLoss(point.Value);
            if (best.Step == 0 || loss < best.Loss)
            {
                best = (loss, point.Step);
            }
        }

        return best;
    }
}
