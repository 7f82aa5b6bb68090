namespace TuningCluster.Coordinator.Search.Cmaes;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix: Householder tridiagonalisation, then implicit QR steps with Wilkinson's shift.</summary>
/// <remarks>Golub and Van Loan 2013, Matrix Computations, algorithms 8.3.1 to 8.3.3. Ours because it must not allocate and must give the same bits on every machine.</remarks>
public sealed class SymmetricEigen
{
    private readonly int _n;
    private readonly double[] _work;
    private readonly double[] _off;
    private readonly double[] _v;
    private readonly double[] _w;

    /// <param name="n">Order of the matrices, ≥ 1.</param>
    public SymmetricEigen(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        _n = n;
        _work = new double[n * n];
        (_off, _v, _w) = (new double[n], new double[n], new double[n]);
    }

    /// <summary>A = Σ values[k] · vectors[k] · vectors[k]ᵀ.</summary>
    /// <param name="matrix">Symmetric, shape [n, n]; not changed.</param>
    /// <param name="values">Receives the eigenvalues, shape [n], in no order.</param>
    /// <param name="vectors">Receives the eigenvectors as rows, shape [n, n].</param>
    /// <exception cref="ArithmeticException">No convergence: the matrix holds NaN or ∞.</exception>
    public void Decompose(ReadOnlySpan<double> matrix, Span<double> values, Span<double> vectors)
    {
        matrix.CopyTo(_work);
        Tridiagonalise(vectors);
        for (var i = 0; i < _n; i++)
        {
            values[i] = _work[(i * _n) + i];
        }

        for (var i = 0; i + 1 < _n; i++)
        {
            _off[i] = _work[(i * _n) + i + 1];
        }

        Diagonalise(values, vectors);
    }

    /// <summary>_work ← Q·A·Qᵀ, tridiagonal; the rows of Q into <paramref name="q"/>.</summary>
    private void Tridiagonalise(Span<double> q)
    {
        q.Clear();
        for (var i = 0; i < _n; i++)
        {
            q[(i * _n) + i] = 1;
        }

        for (var k = 0; k < _n - 2; k++)
        {
            var row = _work.AsSpan(k * _n, _n);
            double square = 0;
            for (var j = k + 2; j < _n; j++)
            {
                square += row[j] * row[j];
            }

            if (square == 0)
            {
                continue;
            }

            var x = row[k + 1];
            var norm = Math.Sqrt((x * x) + square);
            var v = _v.AsSpan();
            v[..(k + 1)].Clear();
            row[(k + 2)..].CopyTo(v[(k + 2)..]);
            v[k + 1] = x >= 0 ? x + norm : x - norm;
            var beta = 2 / ((v[k + 1] * v[k + 1]) + square);
            Reflect(v, beta, k + 1);
            for (var i = 0; i < _n; i++)
            {
                _w[i] = 0;
            }

            // Q ← (I − β·v·vᵀ)·Q.
            for (var j = k + 1; j < _n; j++)
            {
                AddTo(_w, q.Slice(j * _n, _n), v[j]);
            }

            for (var j = k + 1; j < _n; j++)
            {
                AddTo(q.Slice(j * _n, _n), _w, -beta * v[j]);
            }
        }
    }

    /// <summary>_work ← H·_work·H for H = I − β·v·vᵀ, by the symmetric update of rank two.</summary>
    private void Reflect(ReadOnlySpan<double> v, double beta, int from)
    {
        double product = 0;
        for (var i = 0; i < _n; i++)
        {
            double sum = 0;
            for (var j = from; j < _n; j++)
            {
                sum += _work[(i * _n) + j] * v[j];
            }

            _w[i] = beta * sum;
            product += _w[i] * v[i];
        }

        AddTo(_w, v, -0.5 * beta * product);
        for (var i = 0; i < _n; i++)
        {
            var row = _work.AsSpan(i * _n, _n);
            if (v[i] != 0)
            {
                AddTo(row, _w, -v[i]);
            }

            AddTo(row, v, -_w[i]);
        }
    }

    private void Diagonalise(Span<double> d, Span<double> vectors)
    {
        var e = _off.AsSpan();
        var steps = 0;
        for (var high = _n - 1; high > 0;)
        {
            var low = high;
            while (low > 0 && Math.Abs(e[low - 1]) > 1e-16 * (Math.Abs(d[low - 1]) + Math.Abs(d[low])))
            {
                low--;
            }

            if (low == high)
            {
                high--;
                continue;
            }

            if (++steps > 60 * _n || double.IsNaN(e[high - 1]))
            {
                throw new ArithmeticException("The eigenvalues do not converge: the matrix holds NaN or infinity.");
            }

            var half = (d[high - 1] - d[high]) / 2;
            var last = e[high - 1];
            var root = Math.Abs(half) + Math.Sqrt((half * half) + (last * last));
            var shift = d[high] - (Math.CopySign(1, half) * last * last / root);
            var (x, z) = (d[low] - shift, e[low]);
            for (var k = low; k < high; k++)
            {
                var r = Math.Sqrt((x * x) + (z * z));
                var (c, s) = r == 0 ? (1, 0) : (x / r, z / r);
                if (k > low)
                {
                    e[k - 1] = r;
                }

                var (dk, dn, ek) = (d[k], d[k + 1], e[k]);
                d[k] = (c * c * dk) + (2 * c * s * ek) + (s * s * dn);
                d[k + 1] = (s * s * dk) - (2 * c * s * ek) + (c * c * dn);
                e[k] = (((c * c) - (s * s)) * ek) + (c * s * (dn - dk));
                if (k < high - 1)
                {
                    x = e[k];
                    z = s * e[k + 1];
                    e[k + 1] *= c;
                }

                var first = vectors.Slice(k * _n, _n);
                var second = vectors.Slice((k + 1) * _n, _n);
                for (var i = 0; i < first.Length; i++)
                {
                    var (a, b) = (first[i], second[i]);
                    first[i] = (c * a) + (s * b);
                    second[i] = (c * b) - (s * a);
                }
            }
        }
    }

    private static void AddTo(Span<double> destination, ReadOnlySpan<double> source, double factor)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] += factor * source[i];
        }
    }
}
