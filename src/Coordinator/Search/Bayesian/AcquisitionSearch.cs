using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Quasirandom;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>The point of a space that promises most: a quasi-random scan and the neighbourhood of the best trials, then local searches from the best of those,
/// smooth coordinates by L-BFGS, values by trying their neighbours.</summary>
internal sealed class AcquisitionSearch
{
    private const int Block = CholeskyFactor.Block;
    private const int MostScanned = 1024;
    private const int LeastScanned = 32;

    /// <summary>Multiply-adds that a scan may cost.</summary>
    private const double ScanWork = 2e7;

    private const int Starts = 3;

    /// <summary>Beyond so many trials a point costs milliseconds: fewer are looked at.</summary>
    private const int ManyTrials = 800;
    private const int Rounds = 2;
    private const int Evaluations = 25;

    /// <summary>Ordered dimensions of more values are moved as numbers and snapped; those of fewer are tried value by value.</summary>
    private const int FewValues = 12;

    private readonly EncodedSpace _space;
    private readonly FeatureMap _map;
    private readonly double[][] _scan;
    private readonly bool[] _smooth;
    private readonly double[] _z;
    private readonly double[] _block;

    public AcquisitionSearch(EncodedSpace space, FeatureMap map)
    {
        (_space, _map) = (space, map);
        var sequence = new SobolSequence(space.Count, Rng.For(0, space.Count, "acquisition scan"));
        _scan = new double[MostScanned][];
        for (var i = 0; i < MostScanned; i++)
        {
            sequence.Next(_scan[i] = new double[space.Count]);
        }

        _smooth = [.. space.Dimensions.Select(d => d.Kind == DimensionKind.Continuous || (d.Kind == DimensionKind.Ordered && d.Count > FewValues))];
        _z = new double[map.Count];
        _block = new double[Block * map.Count];
    }

    /// <summary>The best point found that is new.</summary>
    /// <param name="acquisition">What is maximized.</param>
    /// <param name="incumbents">Points of the best trials, the best first.</param>
    /// <param name="region">Where to look.</param>
    /// <param name="isTaken">Whether a point, snapped, is that of a trial already or not allowed.</param>
    /// <param name="rng">Moves the scan.</param>
    /// <returns>Snapped coordinates; null when every point looked at is taken.</returns>
    public double[]? Best(
        Acquisition acquisition, IReadOnlyList<double[]> incumbents, Region region, Func<double[], bool> isTaken, Rng rng)
    {
        var points = acquisition.Cost;
        var scanned = (int)Math.Clamp(ScanWork / ((double)points * points), LeastScanned, MostScanned) / Block * Block;
        var candidates = new List<Candidate>(scanned + (2 * Block));
        var shift = Draw(rng);
        for (var i = 0; i < scanned; i++)
        {
            var u = new double[_space.Count];
            for (var d = 0; d < u.Length; d++)
            {
                var at = _scan[i][d] + shift[d];
                u[d] = region.Place(d, at >= 1 ? at - 1 : at);
            }

            candidates.Add(new Candidate(u));
        }

        AddNeighbours(candidates, incumbents, region, points > ManyTrials ? 2 * Block : 4 * Block, rng);
        Evaluate(acquisition, candidates);
        candidates.Sort(static (a, b) => b.Value.CompareTo(a.Value));
        var found = new List<Candidate>(candidates.Take(4 * Block));
        foreach (var start in Distinct(candidates, points > ManyTrials ? 1 : Starts))
        {
            found.Add(Climb(acquisition, start, region));
        }

        found.Sort(static (a, b) => b.Value.CompareTo(a.Value));
        foreach (var candidate in found.Concat(candidates))
        {
            if (!isTaken(candidate.Point))
            {
                return candidate.Point;
            }
        }

        return null;
    }

    /// <summary>Every coordinate anew, of a mixture of scales, about each incumbent.</summary>
    private void AddNeighbours(List<Candidate> candidates, IReadOnlyList<double[]> incumbents, Region region, int count, Rng rng)
    {
        for (var i = 0; i < count && incumbents.Count > 0; i++)
        {
            var from = incumbents[i % incumbents.Count];
            var scale = Math.Pow(10, -0.5 - (2.5 * rng.NextDouble()));
            var share = Math.Max(1.0 / _space.Count, rng.NextDouble());
            var u = Draw(rng);
            for (var d = 0; d < u.Length; d++)
            {
                if (double.IsNaN(from[d]))
                {
                    continue;
                }

                var moves = rng.NextDouble() < share;
                var stays = _smooth[d] ? Reflect(from[d] + (moves ? scale * rng.NextNormal() : 0)) : from[d];
                u[d] = _smooth[d] || !moves ? stays : u[d];
                u[d] = region.Clamp(d, u[d]);
            }

            candidates.Add(new Candidate(u));
        }
    }

    private List<Candidate> Distinct(List<Candidate> sorted, int count)
    {
        // Neighbours of one incumbent crowd at the top: starts that are nearly one climb to one place.
        var starts = new List<Candidate>(count);
        foreach (var candidate in sorted)
        {
            if (starts.Count == count)
            {
                break;
            }

            if (starts.TrueForAll(s => Distance(s.Point, candidate.Point) > 0.01 * _space.Count))
            {
                starts.Add(candidate);
            }
        }

        return starts;
    }

    private static double Distance(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var away = double.IsNaN(a[i]) || double.IsNaN(b[i]) ? (double.IsNaN(a[i]) == double.IsNaN(b[i]) ? 0 : 0.5) : a[i] - b[i];
            sum += Math.Abs(away);
        }

        return sum;
    }

    private Candidate Climb(Acquisition acquisition, Candidate start, Region region)
    {
        var at = start;
        for (var round = 0; round < Rounds; round++)
        {
            var before = at.Value;
            at = Slide(acquisition, at, region);
            at = Step(acquisition, at);
            if (at.Value - before < 1e-3)
            {
                break;
            }
        }

        return at;
    }

    /// <summary>Moves the smooth coordinates that are active; the others stand.</summary>
    private Candidate Slide(Acquisition acquisition, Candidate from, Region region)
    {
        int[] moving = [.. Enumerable.Range(0, _space.Count).Where(d => _smooth[d] && !double.IsNaN(from.Point[d]))];
        if (moving.Length == 0)
        {
            return from;
        }

        var point = (double[])from.Point.Clone();
        var gradientZ = new double[_map.Count];
        double[] x = [.. moving.Select(d => point[d])], low = [.. moving.Select(region.Low)], high = [.. moving.Select(region.High)];
        Lbfgs.Minimize(
            (at, gradient) =>
            {
                for (var i = 0; i < moving.Length; i++)
                {
                    point[moving[i]] = at[i];
                }

                _map.Map(point, _z);
                var value = acquisition.Evaluate(_z, gradientZ);
                for (var i = 0; i < moving.Length; i++)
                {
                    gradient[i] = -gradientZ[_map.FeatureOf(moving[i])];
                }

                return double.IsNaN(value) ? double.PositiveInfinity : -value;
            },
            x, low, high, Evaluations, 1e-5, 0.1);
        for (var i = 0; i < moving.Length; i++)
        {
            point[moving[i]] = x[i];
        }

        var u = (double[])from.Unit.Clone();
        foreach (var d in moving)
        {
            u[d] = point[d];
        }

        var moved = new Candidate(u);
        Evaluate(acquisition, [moved]);
        return moved.Value > from.Value ? moved : from;
    }

    /// <summary>Tries other values of one parameter at a time as long as that helps.</summary>
    private Candidate Step(Acquisition acquisition, Candidate from)
    {
        for (var steps = 0; steps < 3; steps++)
        {
            var around = new List<Candidate>();
            for (var d = 0; d < _space.Count; d++)
            {
                var dimension = _space.Dimensions[d];
                if (dimension.Kind == DimensionKind.Continuous || double.IsNaN(from.Point[d]))
                {
                    continue;
                }

                var own = dimension.IndexAt(from.Point[d]);
                var (first, last) = dimension.Count <= FewValues || dimension.Kind == DimensionKind.Categorical ? (0, dimension.Count - 1) : (Math.Max(0, own - 1), Math.Min(dimension.Count - 1, own + 1));
                for (var index = first; index <= last; index++)
                {
                    if (index != own)
                    {
                        var u = (double[])from.Unit.Clone();
                        var (low, high) = dimension.Cell(index);
                        u[d] = 0.5 * (low + high);
                        around.Add(new Candidate(u));
                    }
                }
            }

            if (around.Count == 0)
            {
                return from;
            }

            Evaluate(acquisition, around);
            var best = around.MaxBy(c => c.Value)!;
            if (best.Value <= from.Value)
            {
                return from;
            }

            from = best;
        }

        return from;
    }

    private void Evaluate(Acquisition acquisition, List<Candidate> candidates)
    {
        Span<double> values = stackalloc double[Block];
        for (var from = 0; from < candidates.Count; from += Block)
        {
            var count = Math.Min(Block, candidates.Count - from);
            for (var c = 0; c < Block; c++)
            {
                var candidate = candidates[from + Math.Min(c, count - 1)];
                if (c < count)
                {
                    candidate.Unit.CopyTo(candidate.Point, 0);
                    _space.Snap(candidate.Point);
                }

                _map.Map(candidate.Point, _block.AsSpan(c * _map.Count, _map.Count));
            }

            acquisition.EvaluateBlock(_block, values);
            for (var c = 0; c < count; c++)
            {
                candidates[from + c].Value = double.IsNaN(values[c]) ? double.NegativeInfinity : values[c];
            }
        }
    }

    private double[] Draw(Rng rng)
    {
        var u = new double[_space.Count];
        for (var d = 0; d < u.Length; d++)
        {
            u[d] = rng.NextDouble();
        }

        return u;
    }

    private static double Reflect(double u)
    {
        u = Math.Abs(u) % 2;
        return u > 1 ? 2 - u : u;
    }

    /// <param name="Unit">Every coordinate a number, also of parameters that are not active: they may become so.</param>
    private sealed record Candidate(double[] Unit)
    {
        /// <summary>Snapped, NaN where not active.</summary>
        public double[] Point { get; } = new double[Unit.Length];

        public double Value { get; set; }
    }
}
