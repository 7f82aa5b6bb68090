using TuningCluster.Coordinator.Search.Numerics;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>−ln of the hyperparameters' posterior: of the marginal likelihood (Rasmussen and Williams 2006, eq. 5.8) times the priors.</summary>
/// <remarks>
/// Priors on the logarithms: ln w ~ N(<see cref="WeightMean"/> − ½·ln D, <see cref="WeightDeviation"/>²), longer length scales in more dimensions (Hvarfner et al. 2024, arXiv:2402.02229, scale
/// them so); ln scale ~ N(0, 1); ln noise ~ N(ln 10⁻⁶, 2.5²), from deterministic functions to noisy trainings.
/// </remarks>
internal sealed class MarginalLikelihood
{
    /// <summary>Mean of ln w in one dimension.</summary>
    public const double WeightMean = 0.5;
    public const double WeightDeviation = 0.8;
    private const double ScaleDeviation = 1;
    private const double NoiseDeviation = 2.5;
    private static readonly double NoiseMean = Math.Log(1e-6);

    private readonly PointColumns _points;
    private readonly double[] _outputs;
    private readonly int _n;
    private readonly double[] _distances;
    private readonly double[] _slopes;
    private readonly double[] _inverse;
    private readonly double[] _alpha;
    private readonly double[] _z;

    /// <param name="points">All points.</param>
    /// <param name="outputs">Standardized; of the first points.</param>
    public MarginalLikelihood(PointColumns points, double[] outputs)
    {
        (_points, _outputs, _n) = (points, outputs, outputs.Length);
        (_distances, _slopes, _inverse) = (new double[_n * _n], new double[_n * _n], new double[_n * _n]);
        (_alpha, _z) = (new double[_n], new double[points.Map.Count]);
    }

    /// <summary>Shape of the logarithms.</summary>
    public int Parameters => _points.Map.Dimensions + 2;

    /// <summary>The priors' means.</summary>
    public double[] Start()
    {
        var start = new double[Parameters];
        Array.Fill(start, PriorOfWeights());
        start[^2] = 0;
        start[^1] = NoiseMean;
        return start;
    }

    /// <summary>The box the logarithms stay in.</summary>
    public (double[] Low, double[] High) Bounds()
    {
        var (low, high) = (new double[Parameters], new double[Parameters]);
        Array.Fill(low, Math.Log(1e-4));
        Array.Fill(high, Math.Log(1e4));
        (low[^2], high[^2]) = (Math.Log(0.01), Math.Log(100));
        (low[^1], high[^1]) = (Math.Log(1e-8), Math.Log(1));
        return (low, high);
    }

    /// <param name="log">Logarithms of the hyperparameters.</param>
    /// <param name="gradient">By them; empty when it is not wanted.</param>
    public double Value(ReadOnlySpan<double> log, Span<double> gradient)
    {
        var of = Hyperparameters.FromLog(log);
        var factor = new CholeskyFactor();
        var n = _n;
        for (var i = 0; i < n; i++)
        {
            _points.CopyTo(i, _z);
            var row = _distances.AsSpan(i * n, i);
            _points.SquaredDistances(_z, of.Weights, row);
            Matern.KernelAndSlope(row, _slopes.AsSpan(i * n, i), of.Scale);
            factor.Append(row, of.Scale + of.Noise, 1e-9 * of.Scale);
        }

        factor.ForwardInto(_outputs, _alpha);
        var fit = CholeskyFactor.Dot(_alpha, _alpha, n);
        var value = (0.5 * fit) + (0.5 * factor.LogDeterminant) + Prior(log, gradient);
        if (gradient.Length > 0)
        {
            factor.Backward(_alpha);
            factor.InvertInto(_inverse);
            AddSlopes(of, gradient);
        }

        return double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    private double PriorOfWeights() => WeightMean - (0.5 * Math.Log(_points.Map.Dimensions));

    private double Prior(ReadOnlySpan<double> log, Span<double> gradient)
    {
        var sum = 0.0;
        var mean = PriorOfWeights();
        for (var i = 0; i < log.Length; i++)
        {
            var (centre, deviation) = i < log.Length - 2 ? (mean, WeightDeviation) : i == log.Length - 2 ? (0, ScaleDeviation) : (NoiseMean, NoiseDeviation);
            var away = (log[i] - centre) / deviation;
            sum += 0.5 * away * away;
            if (gradient.Length > 0)
            {
                gradient[i] = away / deviation;
            }
        }

        return sum;
    }

    /// <summary>½·tr((K⁻¹ − ααᵀ)·∂K/∂θ) (eq. 5.9).</summary>
    private void AddSlopes(Hyperparameters of, Span<double> gradient)
    {
        var n = _n;
        var (byScale, byNoise) = (0.0, 0.0);
        // G = (K⁻¹ − ααᵀ)·slope, below the diagonal, in the place of the slopes.
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var weight = _inverse[(i * n) + j] - (_alpha[i] * _alpha[j]);
                byScale += weight * _distances[(i * n) + j];
                _slopes[(i * n) + j] *= weight;
            }

            var own = _inverse[(i * n) + i] - (_alpha[i] * _alpha[i]);
            byScale += 0.5 * own * of.Scale;
            byNoise += 0.5 * own * of.Noise;
        }

        gradient[^2] += byScale;
        gradient[^1] += byNoise;

        // Σ over pairs of G·(zᵢ − zⱼ)² for every feature.
        for (var f = 0; f < _points.Map.Count; f++)
        {
            var column = _points[f];
            var sum = 0.0;
            for (var i = 1; i < n; i++)
            {
                sum += Squares.Sum(_slopes.AsSpan(i * n, i), column, column[i]);
            }

            var d = _points.Map.DimensionOf[f];
            gradient[d] += of.Weights[d] * sum;
        }
    }
}
