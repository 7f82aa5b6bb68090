using TuningCluster.Coordinator.Search.Bayesian;

namespace TuningCluster.Coordinator.Search.Pareto;

/// <summary>ln of the expected hypervolume improvement of a point whose losses are independent normal variables, exactly, with its gradient.</summary>
/// <remarks>
/// Σ over boxes of Π over objectives of E(u − max(l, Y))⁺, the expected side of what the point would dominate within the box (Emmerich et al. 2011, CEC; Yang et al. 2019, J. Glob. Optim. 75; Daulton et al. 2020,
/// arXiv:2006.05078, section 3.2 with one point). A side is σ·∫Φ over the box's side in standard units: ψ(u) − ψ(l) in Emmerich's notation, whose logarithms here are taken before the difference, so that the
/// sum of logarithms over objectives and the log-sum over boxes keep their digits where the expected improvement itself underflows (Ament et al. 2023, arXiv:2310.20708, section 5, do so for the sampled one).
/// With one objective it is ln EI. Keeps scratch: one thread at a time.
/// </remarks>
internal sealed class LogExpectedHypervolumeImprovement
{
    private readonly int _objectives;
    private readonly int _boxes;

    /// <summary>The distinct sides of the boxes by objective: between which of the objective's marks. From −1: −∞.</summary>
    private readonly (int From, int To)[][] _sides;
    private readonly double[][] _marks;

    /// <summary>Which side each box has. Shape [boxes × objectives].</summary>
    private readonly int[] _sideOf;
    private readonly double[][] _z;
    private readonly double[][] _logH;
    private readonly double[][] _logSide;
    private readonly double[][] _byMean;
    private readonly double[][] _byDeviation;
    private readonly double[] _logBox;

    public LogExpectedHypervolumeImprovement(NondominatedBoxes boxes)
    {
        (_boxes, _objectives) = (boxes.Count, boxes.Upper[0].Length);
        _sideOf = new int[_boxes * _objectives];
        (_sides, _marks) = (new (int, int)[_objectives][], new double[_objectives][]);
        for (var m = 0; m < _objectives; m++)
        {
            var objective = m;
            double[] marks = [.. boxes.Lower.Concat(boxes.Upper).Select(c => c[objective]).Where(double.IsFinite).Distinct().Order()];
            var sides = new Dictionary<(int, int), int>();
            for (var b = 0; b < _boxes; b++)
            {
                var from = double.IsFinite(boxes.Lower[b][m]) ? Array.BinarySearch(marks, boxes.Lower[b][m]) : -1;
                var side = (from, Array.BinarySearch(marks, boxes.Upper[b][m]));
                if (!sides.TryGetValue(side, out var index))
                {
                    sides.Add(side, index = sides.Count);
                }

                _sideOf[(b * _objectives) + m] = index;
            }

            (_marks[m], _sides[m]) = (marks, [.. sides.OrderBy(s => s.Value).Select(s => s.Key)]);
        }

        (_z, _logH) = ([.. _marks.Select(s => new double[s.Length])], [.. _marks.Select(s => new double[s.Length])]);
        _logSide = [.. _sides.Select(s => new double[s.Length])];
        (_byMean, _byDeviation) = ([.. _sides.Select(s => new double[s.Length])], [.. _sides.Select(s => new double[s.Length])]);
        _logBox = new double[_boxes];
    }

    /// <param name="means">Posterior means, to be minimized; shape [objectives]; finite.</param>
    /// <param name="deviations">Posterior deviations; shape [objectives]; &gt; 0.</param>
    public double Value(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations) => Evaluate(means, deviations, default, default);

    /// <summary>The value and its gradient.</summary>
    /// <param name="means">As in <see cref="Value"/>.</param>
    /// <param name="deviations">As in <see cref="Value"/>.</param>
    /// <param name="byMean">Becomes the derivatives by the means; shape [objectives]; empty when no gradient is wanted.</param>
    /// <param name="byDeviation">Becomes those by the deviations; the same shape.</param>
    public double Evaluate(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations, Span<double> byMean, Span<double> byDeviation)
    {
        var wantsGradient = byMean.Length > 0;
        for (var m = 0; m < _objectives; m++)
        {
            Prepare(m, means[m], deviations[m], wantsGradient);
        }

        var most = double.NegativeInfinity;
        for (var b = 0; b < _boxes; b++)
        {
            var sum = 0.0;
            for (var m = 0; m < _objectives; m++)
            {
                sum += _logSide[m][_sideOf[(b * _objectives) + m]];
            }

            _logBox[b] = sum;
            most = Math.Max(most, sum);
        }

        byMean.Clear();
        byDeviation.Clear();
        if (double.IsNegativeInfinity(most))
        {
            return most;
        }

        var total = 0.0;
        for (var b = 0; b < _boxes; b++)
        {
            var share = Math.Exp(_logBox[b] - most);
            total += share;
            if (!wantsGradient || share == 0)
            {
                continue;
            }

            for (var m = 0; m < _objectives; m++)
            {
                var side = _sideOf[(b * _objectives) + m];
                byMean[m] += share * _byMean[m][side];
                byDeviation[m] += share * _byDeviation[m][side];
            }
        }

        for (var m = 0; m < byMean.Length; m++)
        {
            byMean[m] /= total;
            byDeviation[m] /= total;
        }

        return most + Math.Log(total);
    }

    /// <summary>Logarithms of the expected sides of one objective, and their derivatives.</summary>
    private void Prepare(int objective, double mean, double deviation, bool wantsGradient)
    {
        var (marks, z, logH) = (_marks[objective], _z[objective], _logH[objective]);
        for (var i = 0; i < marks.Length; i++)
        {
            z[i] = (marks[i] - mean) / deviation;
            logH[i] = LogExpectedImprovement.LogH(z[i]);
        }

        var logDeviation = Math.Log(deviation);
        for (var s = 0; s < _sides[objective].Length; s++)
        {
            var (from, to) = _sides[objective][s];
            var log = from < 0 ? logH[to] : NormalSide.LogIntegral(z[from], z[to], logH[from], logH[to]);
            _logSide[objective][s] = logDeviation + log;
            if (wantsGradient)
            {
                // d/dμ σ·∫Φ = −(Φ(z_u) − Φ(z_l)), d/dσ = φ(z_u) − φ(z_l).
                var (probability, density) = NormalSide.Differences(from < 0 ? double.NegativeInfinity : z[from], z[to], log);
                _byMean[objective][s] = -probability / deviation;
                _byDeviation[objective][s] = density / deviation;
            }
        }
    }
}
