using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search.Grid;

/// <summary>Every point of the grid exactly once, in a fixed order.</summary>
/// <remarks>
/// A trial's point is the number of trials before it that were not enqueued, so nothing need be remembered. A cancelled trial gives its
/// point back: the study may be extended, and then no point may be missing. Once the space was widened the next point is the first that no trial has had.
/// </remarks>
public sealed class GridSampler : ISampler
{
    private readonly SearchSpace _space;
    private readonly GridPoints _points;
    private readonly SampledTrials _sampled = new();
    private readonly TriedPoints _tried;

    /// <exception cref="ArgumentException">A float has neither step nor points, or there are constraints and too many points to look at.</exception>
    public GridSampler(SearchSpace space)
    {
        _space = space;
        _points = GridPoints.Of(space);
        _tried = new TriedPoints(_points);
    }

    public string Version => "grid-1";

    public bool Learns => false;

    /// <summary>Number of points, at most <see cref="long.MaxValue"/>.</summary>
    public long? Size => _points.Count;

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        var own = space.Equals(_space);
        var points = own ? _points : GridPoints.Of(space);
        if (history.Older > 0)
        {
            return (own ? _tried : new TriedPoints(points)).FirstOther(history);
        }

        var index = _sampled.Count(history);
        if (_sampled.AnyCancelled)
        {
            (var givenBack, index) = GivenBack(history);
            if (givenBack is not null)
            {
                return givenBack;
            }
        }

        return index < points.Count ? points[index] : null;
    }

    /// <summary>The first point whose last trial was cancelled, and how many points were tried at all.</summary>
    private static (TrialParameters? Point, long Tried) GivenBack(StudyHistory history)
    {
        var last = new Dictionary<TrialParameters, TrialState>();
        foreach (var trial in history.Trials.Where(t => !t.Enqueued))
        {
            last[trial.Parameters] = trial.State;
        }

        var first = history.Trials.FirstOrDefault(t => !t.Enqueued && last[t.Parameters] == TrialState.Cancelled);
        return (first?.Parameters, last.Count);
    }
}
