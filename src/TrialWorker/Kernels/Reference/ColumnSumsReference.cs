namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>Sums over rows: the definition of <see cref="ColumnSums"/>.</summary>
public static class ColumnSumsReference
{
    /// <inheritdoc cref="ColumnSums.Compute"/>
    public static void Compute(int rows, int columns, ReadOnlySpan<float> a, int stride, Span<float> sums)
    {
        for (var j = 0; j < columns; j++)
        {
            var sum = 0f;
            for (var i = 0; i < rows; i++)
            {
                sum += a[(i * stride) + j];
            }

            sums[j] = sum;
        }
    }
}
