using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Cmaes;

/// <summary>The normal distribution N(m, σ²·C) that CMA-ES draws from, and its update by one ranked generation.</summary>
/// <remarks>
/// <para>Hansen 2016, arXiv:1604.00772, eq. 38 to 47, with negative weights. The eigenvectors are brought up to date only after
/// 1 / (10·n·(c₁ + c_μ)) generations, before which C has hardly changed.</para>
/// <para>Steps longer than √n + 2 in the metric of C are shortened to that (Hansen 2011, "Injecting external solutions into CMA-ES",
/// arXiv:1110.4181, eq. 4, its constant rounded up so that steps of the distribution's own are as good as never touched): points from elsewhere,
/// or from an earlier distribution, may come at any time.</para>
/// <para>Symbols: m mean [n]; C covariance [n, n]; B eigenvectors as rows [n, n]; D roots of the eigenvalues [n]; p_σ, p_c paths [n]; y step (x − m)/σ [n].</para>
/// </remarks>
public sealed class CmaesDistribution
{
    private readonly int _n;
    private readonly double[] _mean;
    private readonly double[] _c;
    private readonly double[] _b;
    private readonly double[] _d;
    private readonly double[] _pathSigma;
    private readonly double[] _pathC;
    private readonly double[] _rotated;
    private readonly double[] _step;
    private readonly double[] _whitened;
    private readonly SymmetricEigen _eigen;
    private readonly CmaesLearningRates? _rates;
    private int _decomposedAt;
    private bool _widened;

    /// <param name="weights">The constants.</param>
    /// <param name="mean">m, shape [n]; copied.</param>
    /// <param name="sigma">σ &gt; 0.</param>
    /// <param name="covariance">C, shape [n, n], positive definite; copied; the identity when null.</param>
    /// <param name="adaptRates">Whether learning rates follow the signal-to-noise ratio (<see cref="CmaesLearningRates"/>).</param>
    public CmaesDistribution(CmaesWeights weights, ReadOnlySpan<double> mean, double sigma, double[]? covariance = null, bool adaptRates = false)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(mean.Length, weights.Dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigma);
        Weights = weights;
        _n = weights.Dimension;
        _mean = mean.ToArray();
        Sigma = sigma;
        (_c, _b, _d) = (new double[_n * _n], new double[_n * _n], new double[_n]);
        (_pathSigma, _pathC, _rotated, _step, _whitened) = (new double[_n], new double[_n], new double[_n], new double[_n], new double[_n]);
        _eigen = new SymmetricEigen(_n);
        _rates = adaptRates ? new CmaesLearningRates(_n) : null;
        for (var i = 0; i < _n; i++)
        {
            _c[(i * _n) + i] = 1;
        }

        covariance?.CopyTo(_c, 0);
        Decompose();
    }

    public CmaesWeights Weights { get; }

    /// <summary>m; may be moved from outside, as the margin of discrete coordinates does.</summary>
    public Span<double> Mean => _mean;

    /// <summary>σ.</summary>
    public double Sigma { get; private set; }

    /// <summary>C, row by row.</summary>
    public ReadOnlySpan<double> Covariance => _c;

    /// <summary>p_c.</summary>
    public ReadOnlySpan<double> PathOfCovariance => _pathC;

    /// <summary>p_σ.</summary>
    public ReadOnlySpan<double> PathOfStepSize => _pathSigma;

    /// <summary>Generations so far.</summary>
    public int Generation { get; private set; }

    /// <summary>Longest axis: the root of the greatest eigenvalue of C.</summary>
    public double LongestAxis { get; private set; }

    /// <summary>Greatest eigenvalue of C over its least.</summary>
    public double Condition { get; private set; }

    /// <summary>√C[i, i].</summary>
    public double Deviation(int i) => Math.Sqrt(_c[(i * _n) + i]);

    /// <summary>Lets a coordinate vary at least so much: x's deviation σ·√C[i, i].</summary>
    public void Widen(int i, double least)
    {
        var lacking = (least * least / (Sigma * Sigma)) - _c[(i * _n) + i];
        if (lacking > 0)
        {
            _c[(i * _n) + i] += lacking;
            _widened = true;
        }
    }

    /// <summary>Takes in what <see cref="Widen"/> changed.</summary>
    public void Settle()
    {
        if (_widened)
        {
            Decompose();
        }
    }

    /// <summary>One step y ~ N(0, C).</summary>
    public void Draw(Rng rng, Span<double> step)
    {
        step.Clear();
        for (var k = 0; k < _n; k++)
        {
            AddTo(step, _b.AsSpan(k * _n, _n), _d[k] * rng.NextNormal());
        }
    }

    /// <summary>C^(−1/2)·y along the axes of C: B·y over D.</summary>
    public void Whiten(ReadOnlySpan<double> step, Span<double> destination)
    {
        for (var k = 0; k < _n; k++)
        {
            destination[k] = Dot(_b.AsSpan(k * _n, _n), step) / _d[k];
        }
    }

    /// <summary>Learns from a generation.</summary>
    /// <param name="steps">y of each member, shape [λ][n], best first; too long ones are shortened in place.</param>
    /// <param name="weights">Shape [λ]: those of <see cref="Weights"/>, evened out where members tie.</param>
    public void Update(IReadOnlyList<double[]> steps, ReadOnlySpan<double> weights)
    {
        var w = Weights;
        Generation++;
        _rates?.Before(_mean, Sigma, _c);
        Span<double> factors = weights.Length <= 256 ? stackalloc double[weights.Length] : new double[weights.Length];
        _step.AsSpan().Clear();
        var sum = 0.0;
        for (var i = 0; i < steps.Count; i++)
        {
            Whiten(steps[i], _whitened);
            var square = Dot(_whitened, _whitened);
            var limit = Math.Sqrt(_n) + 2;
            if (square > limit * limit)
            {
                Scale(steps[i], limit / Math.Sqrt(square));
                square = limit * limit;
            }

            // eq. 46: negative weights count by direction only.
            factors[i] = weights[i] >= 0 ? weights[i] : weights[i] * _n / (square + 1e-300);
            sum += weights[i];
            if (weights[i] > 0)
            {
                AddTo(_step, steps[i], weights[i]);
            }
        }

        AddTo(_mean, _step, Sigma);
        Whiten(_step, _whitened);
        var keep = 1 - w.PathOfStepSize;
        Scale(_pathSigma, keep);
        var drive = Math.Sqrt(w.PathOfStepSize * (2 - w.PathOfStepSize) * w.EffectiveParents);
        for (var k = 0; k < _n; k++)
        {
            AddTo(_pathSigma, _b.AsSpan(k * _n, _n), drive * _whitened[k]);
        }

        var length = Math.Sqrt(Dot(_pathSigma, _pathSigma));
        // Never more than a factor e a generation (Hansen 2011, eq. 10).
        var growth = Math.Exp(Math.Min(1, w.PathOfStepSize / w.Damping * ((length / w.ExpectedLength) - 1)));
        var straight = length / Math.Sqrt(1 - Math.Pow(keep, 2 * (Generation + 1))) < (1.4 + (2.0 / (_n + 1))) * w.ExpectedLength;
        Scale(_pathC, 1 - w.PathOfCovariance);
        if (straight)
        {
            AddTo(_pathC, _step, Math.Sqrt(w.PathOfCovariance * (2 - w.PathOfCovariance) * w.EffectiveParents));
        }

        var lost = straight ? 0 : w.PathOfCovariance * (2 - w.PathOfCovariance);
        Scale(_c, 1 + (w.RankOne * lost) - w.RankOne - (w.RankMu * sum));
        AddOuter(_pathC, w.RankOne);
        for (var i = 0; i < steps.Count; i++)
        {
            AddOuter(steps[i], w.RankMu * factors[i]);
        }

        Sigma *= growth;
        if (_rates is not null)
        {
            Sigma = _rates.After(_mean, Sigma, _c, _b, _d);
            Decompose();
        }
        else if (Generation - _decomposedAt >= 1 / (10 * _n * (w.RankOne + w.RankMu)))
        {
            Decompose();
        }
    }

    private void Decompose()
    {
        _decomposedAt = Generation;
        _widened = false;
        _eigen.Decompose(_c, _rotated, _b);
        var (least, most) = (double.PositiveInfinity, 0.0);
        foreach (var value in _rotated)
        {
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        // Rounding may leave an eigenvalue a hair below zero where the condition nears 10¹⁶.
        var floor = 1e-16 * most;
        for (var k = 0; k < _n; k++)
        {
            _d[k] = Math.Sqrt(Math.Max(_rotated[k], floor));
        }

        LongestAxis = Math.Sqrt(most);
        Condition = most / Math.Max(least, floor);
    }

    private void AddOuter(double[] y, double factor)
    {
        for (var i = 0; i < _n; i++)
        {
            AddTo(_c.AsSpan(i * _n, _n), y, factor * y[i]);
        }
    }

    private static void Scale(Span<double> values, double factor)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddTo(Span<double> destination, ReadOnlySpan<double> source, double factor)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] += factor * source[i];
        }
    }
}
