using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Tpe;

/// <summary>Parameters that are active together, estimated together: the densities of good and of bad trials, and the point where their ratio is greatest.</summary>
internal sealed class ParzenGroup(int[] members, EncodedSpace space, TpeSettings settings)
{
    private const int MostGood = 25;

    private readonly Dimension[] _dimensions = [.. members.Select(m => space.Dimensions[m])];
    private readonly Ranking _ranking = new();
    private readonly List<Observation> _trials = [];
    private readonly Dictionary<int, int> _kernelOf = [];
    private readonly HashSet<int> _good = [];
    private ParzenDensity? _bad;
    private int _badStep;

    /// <summary>Dimensions of the space, ascending.</summary>
    public IReadOnlyList<int> Members => members;

    public void Clear()
    {
        _ranking.Clear();
        _trials.Clear();
        _kernelOf.Clear();
        _good.Clear();
        _bad = null;
    }

    /// <summary>Takes in a finished trial, if the group is active in it.</summary>
    public void Add(Observation trial)
    {
        if (!double.IsNaN(trial.Point[members[0]]) && _ranking.Add(trial))
        {
            _kernelOf.Add(trial.Number, _trials.Count);
            _trials.Add(trial);
        }
    }

    /// <summary>Writes the group's coordinates.</summary>
    /// <param name="pending">Points of trials that have not ended; they count as bad, so that others are not sent after them.</param>
    /// <param name="rng">Draws the candidates.</param>
    /// <param name="point">Of the space.</param>
    public void Suggest(IReadOnlyList<double[]> pending, Rng rng, Span<double> point)
    {
        Span<double> candidate = stackalloc double[members.Length], best = stackalloc double[members.Length];
        if (_trials.Count == 0)
        {
            foreach (var m in members)
            {
                point[m] = rng.NextDouble();
            }

            return;
        }

        var good = Good();
        var bad = Bad(pending);
        var highest = double.NegativeInfinity;
        for (var i = 0; i < settings.Candidates; i++)
        {
            good.Sample(rng, candidate);
            var ratio = good.LogDensity(candidate) - bad.LogDensity(candidate);
            if (ratio > highest || i == 0)
            {
                highest = ratio;
                candidate.CopyTo(best);
            }
        }

        bad.Truncate(_trials.Count);
        for (var k = 0; k < members.Length; k++)
        {
            point[members[k]] = best[k];
        }
    }

    private int GoodCount => Math.Min(MostGood, (int)Math.Ceiling(settings.Share * _ranking.Count));

    private ParzenDensity Good()
    {
        var count = GoodCount;
        var bandwidths = new double[members.Length];
        for (var d = 0; d < members.Length; d++)
        {
            double sum = 0, squares = 0;
            for (var i = 0; i < count; i++)
            {
                var u = _ranking[i].Point[members[d]];
                sum += u;
                squares += u * u;
            }

            var mean = sum / count;
            // One more from the uniform prior, whose variance is 1/12 about the middle: a single good trial must not make a needle.
            var variance = ((squares - (count * mean * mean)) + (1.0 / 12)) / count;
            bandwidths[d] = Bandwidth.Scott(ParzenDensity.IsNumber(_dimensions[d]), Math.Sqrt(Math.Max(0, variance)), count, members.Length);
        }

        var density = new ParzenDensity(_dimensions, bandwidths, count);
        Span<double> own = stackalloc double[members.Length];
        for (var i = 0; i < count; i++)
        {
            Own(_ranking[i].Point, own);
            density.Add(own, 1);
        }

        return density;
    }

    /// <summary>All trials have a kernel here; the good ones weigh nothing.</summary>
    private ParzenDensity Bad(IReadOnlyList<double[]> pending)
    {
        var step = Bandwidth.Step(_trials.Count);
        Span<double> own = stackalloc double[members.Length];
        if (_bad is null || step != _badStep)
        {
            var bandwidths = new double[members.Length];
            Array.Fill(bandwidths, Bandwidth.Wide(step, members.Length));
            _bad = new ParzenDensity(_dimensions, bandwidths, step);
            _badStep = step;
            _good.Clear();
        }

        for (var i = _bad.Count; i < _trials.Count; i++)
        {
            Own(_trials[i].Point, own);
            _bad.Add(own, 1);
        }

        var good = Enumerable.Range(0, GoodCount).Select(rank => _ranking[rank].Number).ToHashSet();
        foreach (var number in _good.Where(n => !good.Contains(n)).ToList())
        {
            _good.Remove(number);
            _bad.Reweigh(_kernelOf[number], 1);
        }

        foreach (var number in good)
        {
            if (_good.Add(number))
            {
                _bad.Reweigh(_kernelOf[number], 0);
            }
        }

        foreach (var point in pending)
        {
            if (!double.IsNaN(point[members[0]]))
            {
                Own(point, own);
                _bad.Add(own, 1);
            }
        }

        return _bad;
    }

    private void Own(double[] point, Span<double> own)
    {
        for (var k = 0; k < members.Length; k++)
        {
            own[k] = point[members[k]];
        }
    }
}
