namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>Layer normalization as the paper writes it, in double: the definition of <see cref="LayerNormalization"/>.</summary>
public static class LayerNormalizationReference
{
    /// <inheritdoc cref="LayerNormalization.Forward"/>
    public static void Forward(
        int rows, int width, ReadOnlySpan<float> x, int stride, ReadOnlySpan<float> gain, ReadOnlySpan<float> shift,
        Span<float> normalized, Span<float> y, Span<float> inverseDeviations, float epsilon)
    {
        for (var i = 0; i < rows; i++)
        {
            var row = x.Slice(i * stride, width);
            var mean = 0.0;
            foreach (var value in row)
            {
                mean += value / (double)width;
            }

            var variance = 0.0;
            foreach (var value in row)
            {
                variance += (value - mean) * (value - mean) / width;
            }

            var inverse = 1 / Math.Sqrt(variance + epsilon);
            inverseDeviations[i] = (float)inverse;
            for (var j = 0; j < stride; j++)
            {
                var at = (i * stride) + j;
                normalized[at] = j < width ? (float)((x[at] - mean) * inverse) : 0;
                y[at] = j < width ? (gain[j] * normalized[at]) + shift[j] : 0;
            }
        }
    }

    /// <inheritdoc cref="LayerNormalization.Backward"/>
    public static void Backward(
        int rows, int width, ReadOnlySpan<float> normalized, int stride, ReadOnlySpan<float> gain, ReadOnlySpan<float> inverseDeviations,
        Span<float> gradient, Span<float> gainGradient, Span<float> shiftGradient)
    {
        gainGradient[..stride].Clear();
        shiftGradient[..stride].Clear();
        for (var i = 0; i < rows; i++)
        {
            var hat = normalized.Slice(i * stride, stride);
            var g = gradient.Slice(i * stride, stride);
            var mean = 0.0;
            var dot = 0.0;
            for (var j = 0; j < width; j++)
            {
                shiftGradient[j] += g[j];
                gainGradient[j] += g[j] * hat[j];
                mean += (double)g[j] * gain[j] / width;
                dot += (double)g[j] * gain[j] * hat[j] / width;
            }

            for (var j = 0; j < stride; j++)
            {
                g[j] = j < width ? (float)(inverseDeviations[i] * (((double)g[j] * gain[j]) - mean - (hat[j] * dot))) : 0;
            }
        }
    }
}
