namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>The products of a dense layer as the textbook writes them: the definition of <see cref="DenseProducts"/>.</summary>
public static unsafe class DenseProductsReference
{
    /// <inheritdoc cref="DenseProducts.Forward"/>
    public static void Forward(float** rows, int n, int inputs, float* weights, float* bias, float* y, nint stride, int from, int to)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = from * Panels.Width; j < to * Panels.Width; j++)
            {
                var sum = bias[j];
                for (var k = 0; k < inputs; k++)
                {
                    sum += rows[i][k] * weights[Panels.IndexOf(inputs, k, j)];
                }

                y[(i * stride) + j] = sum;
            }
        }
    }

    /// <inheritdoc cref="DenseProducts.InputGradient"/>
    public static void InputGradient(
        float** slopes, int n, int inputs, int outputs, float* weights, float* start, float* d, nint stride, int from, int to)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = from * Panels.Width; j < to * Panels.Width; j++)
            {
                var sum = start == null ? 0 : start[(i * stride) + j];
                for (var k = 0; k < outputs; k++)
                {
                    sum += slopes[i][k] * (j < inputs ? weights[Panels.IndexOf(inputs, j, k)] : 0);
                }

                d[(i * stride) + j] = sum;
            }
        }
    }

    /// <inheritdoc cref="DenseProducts.WeightGradient"/>
    public static void WeightGradient<TSink>(
        float** rows, bool packed, int n, int inputs, float* slopes, nint stride, int from, int to, TSink sink)
        where TSink : IGradientSink
    {
        Span<float> sums = stackalloc float[Panels.Width];
        for (var panel = from; panel < to; panel++)
        {
            sums.Clear();
            for (var i = 0; i < n; i++)
            {
                for (var q = 0; q < Panels.Width; q++)
                {
                    sums[q] += slopes[(i * stride) + (panel * Panels.Width) + q];
                }
            }

            sink.TakeBiases(panel * Panels.Width, sums);
            for (var k = 0; k < inputs; k++)
            {
                var column = packed ? ((nint)(k / 6 * 6) * n) + (k % 6) : k;
                for (var q = 0; q < Panels.Width; q++)
                {
                    sums[q] = 0;
                    for (var i = 0; i < n; i++)
                    {
                        sums[q] += rows[i][column] * slopes[(i * stride) + (panel * Panels.Width) + q];
                    }
                }

                sink.TakeWeights(((panel * inputs) + k) * Panels.Width, sums);
            }
        }
    }
}
