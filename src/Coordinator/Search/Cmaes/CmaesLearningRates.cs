namespace TuningCluster.Coordinator.Search.Cmaes;

/// <summary>Learning rates of mean and covariance that keep the signal-to-noise ratio of their updates constant: slow on rugged and noisy objectives.</summary>
/// <remarks>
/// Nomura, Akimoto and Ono 2023, "CMA-ES with learning rate adaptation", arXiv:2304.03473, algorithm 1, with its α = 1.4, β_m = 0.1, β_Σ = 0.03,
/// γ = 0.1. Δ is the update as CMA-ES would make it, in the coordinates in which the distribution is the unit normal; E and V are its running
/// mean and running squared length.
/// </remarks>
internal sealed class CmaesLearningRates(int n)
{
    private const double Target = 1.4;
    private const double Damping = 0.1;

    private readonly double[] _meanBefore = new double[n];
    private readonly double[] _before = new double[n * n];
    private readonly double[] _shift = new double[n];
    private readonly double[] _delta = new double[n * n];
    private readonly double[] _local = new double[n * n];
    private readonly double[] _product = new double[n * n];
    private readonly SymmetricEigen _eigen = new(n);
    private readonly double[] _values = new double[n];
    private Rate _ofMean = new(n, 0.1);
    private Rate _ofCovariance = new(n * n, 0.03);

    /// <summary>Remembers the distribution before its update.</summary>
    public void Before(ReadOnlySpan<double> mean, double sigma, ReadOnlySpan<double> covariance)
    {
        mean.CopyTo(_meanBefore);
        for (var i = 0; i < _before.Length; i++)
        {
            _before[i] = sigma * sigma * covariance[i];
        }

        _sigmaBefore = sigma;
    }

    private double _sigmaBefore;

    /// <summary>Takes back what is too much of an update.</summary>
    /// <param name="mean">After the update; receives the mean in force.</param>
    /// <param name="sigma">After the update.</param>
    /// <param name="covariance">After the update; receives the covariance in force, of determinant 1.</param>
    /// <param name="axes">Eigenvectors of the covariance before, as rows.</param>
    /// <param name="roots">Roots of its eigenvalues.</param>
    /// <returns>σ in force.</returns>
    public double After(Span<double> mean, double sigma, Span<double> covariance, ReadOnlySpan<double> axes, ReadOnlySpan<double> roots)
    {
        for (var i = 0; i < n; i++)
        {
            _shift[i] = mean[i] - _meanBefore[i];
        }

        for (var i = 0; i < _delta.Length; i++)
        {
            _delta[i] = (sigma * sigma * covariance[i]) - _before[i];
        }

        // The local coordinates here are the axes of C, rotated back: lengths and inner products are all that counts, but E must add up
        // over generations whose axes differ.
        var whiten = _product;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                double sum = 0;
                for (var k = 0; k < n; k++)
                {
                    sum += axes[(k * n) + i] * axes[(k * n) + j] / roots[k];
                }

                whiten[(i * n) + j] = sum / _sigmaBefore;
            }
        }

        Span<double> local = n <= 128 ? stackalloc double[n] : new double[n];
        Multiply(whiten, _shift, local);
        var rateBefore = _ofMean.Value;
        _ofMean.Learn(local);
        Sandwich(whiten);
        _ofCovariance.Learn(_local);

        for (var i = 0; i < n; i++)
        {
            mean[i] = _meanBefore[i] + (_ofMean.Value * _shift[i]);
        }

        for (var i = 0; i < _delta.Length; i++)
        {
            covariance[i] = _before[i] + (_ofCovariance.Value * _delta[i]);
        }

        // Σ = σ²·C with det C = 1; then σ grows as the mean's rate shrinks (its eq. 15).
        _eigen.Decompose(covariance, _values, _local);
        double logDeterminant = 0;
        foreach (var value in _values)
        {
            logDeterminant += Math.Log(Math.Max(value, double.Epsilon));
        }

        var scale = Math.Exp(logDeterminant / n);
        for (var i = 0; i < covariance.Length; i++)
        {
            covariance[i] /= scale;
        }

        return Math.Sqrt(scale) * rateBefore / _ofMean.Value;
    }

    /// <summary>_local ← W·Δ·W / √2.</summary>
    private void Sandwich(ReadOnlySpan<double> w)
    {
        Span<double> row = n <= 128 ? stackalloc double[n] : new double[n];
        for (var i = 0; i < n; i++)
        {
            row.Clear();
            for (var k = 0; k < n; k++)
            {
                for (var j = 0; j < n; j++)
                {
                    row[j] += w[(i * n) + k] * _delta[(k * n) + j];
                }
            }

            for (var j = 0; j < n; j++)
            {
                double sum = 0;
                for (var k = 0; k < n; k++)
                {
                    sum += row[k] * w[(k * n) + j];
                }

                _local[(i * n) + j] = sum / Math.Sqrt(2);
            }
        }
    }

    private static void Multiply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> destination)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            double sum = 0;
            for (var j = 0; j < vector.Length; j++)
            {
                sum += matrix[(i * vector.Length) + j] * vector[j];
            }

            destination[i] = sum;
        }
    }

    private struct Rate(int length, double beta)
    {
        private readonly double[] _expected = new double[length];
        private double _square;

        public double Value { get; private set; } = 1;

        public void Learn(ReadOnlySpan<double> delta)
        {
            var (square, expected) = (0.0, 0.0);
            for (var i = 0; i < delta.Length; i++)
            {
                _expected[i] = ((1 - beta) * _expected[i]) + (beta * delta[i]);
                square += delta[i] * delta[i];
                expected += _expected[i] * _expected[i];
            }

            _square = ((1 - beta) * _square) + (beta * square);
            var noise = _square - expected;
            var ratio = noise <= 0 ? double.PositiveInfinity : (expected - (beta / (2 - beta) * _square)) / noise;
            Value = Math.Min(1, Value * Math.Exp(Math.Min(Damping * Value, beta) * Math.Clamp((ratio / (Target * Value)) - 1, -1, 1)));
        }
    }
}
