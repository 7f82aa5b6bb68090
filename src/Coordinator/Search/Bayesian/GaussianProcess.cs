namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>The posterior of a Gaussian process with given hyperparameters; points are added one at a time (Rasmussen and Williams 2006, chapter 2).</summary>
/// <remarks>Adding a point gives the bits that a process made of all points would have.</remarks>
internal sealed class GaussianProcess
{
    /// <summary>Variance that rounding may leave of a point that is already known, relative to <see cref="Hyperparameters.Scale"/>.</summary>
    private const double Jitter = 1e-9;

    private readonly Hyperparameters _of;
    private readonly CholeskyFactor _factor = new();
    private readonly PointColumns _points;
    private readonly double[] _z;
    private double[] _k = new double[64];
    private double[] _slope = new double[64];
    private double[] _solved = new double[64];
    private double[] _alpha = [];

    public GaussianProcess(FeatureMap map, Hyperparameters hyperparameters)
    {
        _of = hyperparameters;
        _points = new PointColumns(map);
        _z = new double[map.Count];
    }

    public Hyperparameters Hyperparameters => _of;

    public int Count => _points.Count;

    /// <summary>Adds a point whose output is told by <see cref="Observe"/>, or never: then it only lowers the variance around it.</summary>
    /// <param name="point">Shape [dimensions], NaN where not active.</param>
    public void Add(ReadOnlySpan<double> point)
    {
        _points.Map.Map(point, _z);
        Reserve(Count + 1);
        var row = _k.AsSpan(0, Count);
        Covariances(_z, row);
        _factor.Append(row, _of.Scale + _of.Noise, Jitter * _of.Scale);
        _points.AddFeatures(_z);
    }

    /// <summary>Forgets the points from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        _factor.Truncate(count);
        _points.Truncate(count);
    }

    /// <summary>The outputs of the first points; their mean is taken as 0.</summary>
    public void Observe(ReadOnlySpan<double> outputs)
    {
        _alpha = new double[outputs.Length];
        _factor.ForwardInto(outputs, _alpha);
        _factor.Backward(_alpha);
    }

    /// <summary>Posterior mean of the function, without noise, at a known point.</summary>
    public double MeanAt(int index)
    {
        _points.CopyTo(index, _z);
        return Mean(_z);
    }

    /// <summary>Posterior mean of the function, without noise.</summary>
    /// <param name="z">Features of the point.</param>
    public double Mean(ReadOnlySpan<double> z)
    {
        var k = _k.AsSpan(0, _alpha.Length);
        Covariances(z, k);
        return CholeskyFactor.Dot(k, _alpha, _alpha.Length);
    }

    /// <summary>Posterior mean and variance of the function, without noise.</summary>
    /// <param name="z">Features of the point.</param>
    public (double Mean, double Variance) Predict(ReadOnlySpan<double> z)
    {
        var n = Count;
        var k = _k.AsSpan(0, n);
        var v = _solved.AsSpan(0, n);
        Covariances(z, k);
        _factor.ForwardInto(k, v);
        return (CholeskyFactor.Dot(k, _alpha, _alpha.Length), Rest(CholeskyFactor.Dot(v, v, n)));
    }

    /// <summary>Of <see cref="CholeskyFactor.Block"/> points at once.</summary>
    /// <param name="z">Shape [block, features].</param>
    /// <param name="means">Shape [block].</param>
    /// <param name="variances">Shape [block].</param>
    /// <param name="scratch">At least [points, block].</param>
    public void PredictBlock(ReadOnlySpan<double> z, Span<double> means, Span<double> variances, Span<double> scratch)
    {
        const int block = CholeskyFactor.Block;
        var n = Count;
        var k = _k.AsSpan(0, n);
        for (var c = 0; c < block; c++)
        {
            Covariances(z.Slice(c * _z.Length, _z.Length), k);
            means[c] = CholeskyFactor.Dot(k, _alpha, _alpha.Length);
            for (var i = 0; i < n; i++)
            {
                scratch[(i * block) + c] = k[i];
            }
        }

        _factor.ForwardBlock(scratch, n);
        variances.Clear();
        for (var i = 0; i < n; i++)
        {
            var row = scratch.Slice(i * block, block);
            for (var c = 0; c < block; c++)
            {
                variances[c] += row[c] * row[c];
            }
        }

        for (var c = 0; c < block; c++)
        {
            variances[c] = Rest(variances[c]);
        }
    }

    /// <summary>Mean, variance and their gradients by the features.</summary>
    /// <param name="z">Features of the point.</param>
    /// <param name="meanSlope">Shape [features].</param>
    /// <param name="varianceSlope">Shape [features].</param>
    public (double Mean, double Variance) Predict(ReadOnlySpan<double> z, Span<double> meanSlope, Span<double> varianceSlope)
    {
        var n = Count;
        var k = _k.AsSpan(0, n);
        var slope = _slope.AsSpan(0, n);
        var v = _solved.AsSpan(0, n);
        _points.SquaredDistances(z, _of.Weights, k);
        Matern.KernelAndSlope(k, slope, _of.Scale);
        _factor.ForwardInto(k, v);
        var mean = CholeskyFactor.Dot(k, _alpha, _alpha.Length);
        var variance = Rest(CholeskyFactor.Dot(v, v, n));
        _factor.Backward(v);

        // dk/dz = slope · 2w(z − zᵢ): the sums over i of slope·α·zᵢ and slope·v·zᵢ by feature.
        var observed = _alpha.Length;
        for (var i = 0; i < n; i++)
        {
            v[i] *= slope[i];
            slope[i] *= i < observed ? _alpha[i] : 0;
        }

        var (sumMean, sumVariance) = (Sum(slope[..observed]), Sum(v));
        for (var f = 0; f < meanSlope.Length; f++)
        {
            var column = _points[f];
            var weight = 2 * _of.Weights[_points.Map.DimensionOf[f]];
            meanSlope[f] = weight * ((sumMean * z[f]) - CholeskyFactor.Dot(slope, column, observed));
            varianceSlope[f] = -2 * weight * ((sumVariance * z[f]) - CholeskyFactor.Dot(v, column, n));
        }

        return (mean, variance);
    }

    /// <summary>The kernel between a feature vector and the first points.</summary>
    public void Covariances(ReadOnlySpan<double> z, Span<double> k)
    {
        _points.SquaredDistances(z, _of.Weights, k);
        Matern.Kernel(k, _of.Scale);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    private double Rest(double explained) => Math.Max(_of.Scale - explained, Jitter * _of.Scale);

    private void Reserve(int count)
    {
        if (_k.Length < count)
        {
            _k = new double[2 * count];
            _slope = new double[2 * count];
            _solved = new double[2 * count];
        }
    }
}
