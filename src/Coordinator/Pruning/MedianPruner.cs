using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>The median stopping rule (Golovin et al. 2017, Google Vizier, section 3.2.2), with any percentile in place of the median.</summary>
/// <remarks>A trial ends when the best loss it has reached is worse than the percentile of what the complete trials had at the same step.</remarks>
/// <param name="steps">When it judges.</param>
/// <param name="startup">Complete trials before anything is stopped; at least one is needed in any case.</param>
/// <param name="percentile">In (0, 100]: 50 is the median, 25 lets only the best quarter live.</param>
public sealed class MedianPruner(JudgementSteps steps, int startup, double percentile) : IPruner
{
    private readonly Dictionary<int, SortedLosses> _losses = [];

    public bool LetsWait => false;

    public int? NextStep(int number, int step) => steps.After(step);

    public bool Stops(StudyHistory history, int number)
    {
        var trial = history.Trials[number];
        var step = LearningCurve.LastStep(trial);
        if (!_losses.TryGetValue(step, out var others))
        {
            _losses.Add(step, others = new SortedLosses((t, direction) => t.State == TrialState.Complete ? LearningCurve.LossAt(t, step, direction) : double.NaN));
        }

        var sorted = others.Of(history);
        return sorted.Count >= Math.Max(1, startup) && LearningCurve.Best(trial, history.Direction).Loss > Quantile(sorted, percentile / 100);
    }

    public IReadOnlyList<int> GoOn(StudyHistory history) => PausedTrials.Of(history);

    /// <summary>With linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).</summary>
    private static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var below = (int)place;
        return below + 1 == sorted.Count ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }
}
