using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Quasirandom;

/// <summary>The points of a sequence that a space allows, by number. Remembers how far it has gone; a smaller number starts again.</summary>
internal sealed class PointWalk(EncodedSpace space, QuasirandomSequence sequence)
{
    private readonly double[] _point = new double[space.Count];

    /// <summary>So many of the points before <see cref="_next"/> are allowed.</summary>
    private long _allowed;

    /// <summary>Number of the next point to look at.</summary>
    private long _next;

    public SearchSpace Space => space.Space;

    /// <summary>The parameters of the allowed point of that number.</summary>
    /// <param name="number">From 0.</param>
    /// <exception cref="InvalidOperationException">The constraints leave almost nothing.</exception>
    public TrialParameters Point(long number)
    {
        if (Space.Constraints.Count == 0)
        {
            return Decode(number);
        }

        if (number < _allowed)
        {
            (_allowed, _next) = (0, 0);
        }

        for (; ; _allowed++)
        {
            var parameters = AllowedDraw.First(Space, () => Decode(_next++));
            if (_allowed == number)
            {
                _allowed++;
                return parameters;
            }
        }
    }

    private TrialParameters Decode(long index)
    {
        sequence.At(index, _point);
        return space.Decode(_point);
    }
}
