namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>Matrix products as the textbook writes them: the definition of <see cref="Gemm"/>.</summary>
public static class GemmReference
{
    /// <inheritdoc cref="Gemm.Multiply"/>
    public static void Multiply(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, ReadOnlySpan<float> bias, Span<float> c, int ldc)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = bias.IsEmpty ? 0 : bias[j];
                for (var p = 0; p < k; p++)
                {
                    sum += a[(i * lda) + p] * b[(p * ldb) + j];
                }

                c[(i * ldc) + j] = sum;
            }
        }
    }

    /// <inheritdoc cref="Gemm.MultiplyTransposedA"/>
    public static void MultiplyTransposedA(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, Span<float> c, int ldc)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = 0f;
                for (var p = 0; p < k; p++)
                {
                    sum += a[(p * lda) + i] * b[(p * ldb) + j];
                }

                c[(i * ldc) + j] = sum;
            }
        }
    }

    /// <inheritdoc cref="Gemm.MultiplyTransposedB"/>
    public static void MultiplyTransposedB(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, Span<float> c, int ldc)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = 0f;
                for (var p = 0; p < k; p++)
                {
                    sum += a[(i * lda) + p] * b[(j * ldb) + p];
                }

                c[(i * ldc) + j] = sum;
            }
        }
    }

    /// <summary>A matrix of this shape must fit its span; its last row need not be padded.</summary>
    internal static void Check(int rows, int columns, int length, int stride, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (stride < columns || (rows > 0 && (((long)rows - 1) * stride) + columns > length))
        {
            throw new ArgumentException($"[{rows}, {columns}] with stride {stride} does not fit {length} floats.", name);
        }
    }

    internal static void CheckBias(int columns, ReadOnlySpan<float> bias)
    {
        if (!bias.IsEmpty && bias.Length < columns)
        {
            throw new ArgumentException($"{columns} biases are needed, {bias.Length} given.", nameof(bias));
        }
    }
}
