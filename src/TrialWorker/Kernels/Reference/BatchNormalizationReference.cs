namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>Batch normalization as the paper writes it: the definition of <see cref="BatchNormalization"/>.</summary>
public static class BatchNormalizationReference
{
    /// <inheritdoc cref="BatchNormalization.Forward"/>
    public static void Forward(
        int rows, int width, ReadOnlySpan<float> x, int stride, ReadOnlySpan<float> gain, ReadOnlySpan<float> shift,
        Span<float> runningMean, Span<float> runningVariance, Span<float> normalized, Span<float> y, Span<float> inverseDeviations,
        float epsilon)
    {
        for (var j = 0; j < stride; j++)
        {
            var isColumn = j < width;
            var mean = 0f;
            for (var i = 0; i < rows; i++)
            {
                mean += x[(i * stride) + j];
            }

            mean /= rows;
            var squares = 0f;
            for (var i = 0; i < rows; i++)
            {
                var centred = x[(i * stride) + j] - mean;
                squares += centred * centred;
            }

            var inverse = 1 / MathF.Sqrt((squares / rows) + epsilon);
            inverseDeviations[j] = isColumn ? inverse : 0;
            for (var i = 0; i < rows; i++)
            {
                var at = (i * stride) + j;
                normalized[at] = isColumn ? (x[at] - mean) * inverse : 0;
                y[at] = isColumn ? (gain[j] * normalized[at]) + shift[j] : 0;
            }

            if (isColumn)
            {
                runningMean[j] += BatchNormalization.Momentum * (mean - runningMean[j]);
                runningVariance[j] += rows == 1 ? 0 : BatchNormalization.Momentum * ((squares / (rows - 1)) - runningVariance[j]);
            }
        }
    }

    /// <inheritdoc cref="BatchNormalization.Infer"/>
    public static void Infer(
        int rows, int width, ReadOnlySpan<float> x, int stride, ReadOnlySpan<float> gain, ReadOnlySpan<float> shift,
        ReadOnlySpan<float> runningMean, ReadOnlySpan<float> runningVariance, Span<float> y, float epsilon)
    {
        for (var at = 0; at < rows * stride; at++)
        {
            var j = at % stride;
            y[at] = j < width ? (gain[j] * ((x[at] - runningMean[j]) * (1 / MathF.Sqrt(runningVariance[j] + epsilon)))) + shift[j] : 0;
        }
    }

    /// <inheritdoc cref="BatchNormalization.Backward"/>
    public static void Backward(
        int rows, int width, ReadOnlySpan<float> normalized, int stride, ReadOnlySpan<float> gain, ReadOnlySpan<float> inverseDeviations,
        Span<float> gradient, Span<float> gainGradient, Span<float> shiftGradient)
    {
        for (var j = 0; j < stride; j++)
        {
            gainGradient[j] = 0;
            shiftGradient[j] = 0;
            for (var i = 0; i < rows && j < width; i++)
            {
                var at = (i * stride) + j;
                shiftGradient[j] += gradient[at];
                gainGradient[j] += gradient[at] * normalized[at];
            }

            for (var i = 0; i < rows; i++)
            {
                var at = (i * stride) + j;
                var centred = gradient[at] - (shiftGradient[j] / rows) - (normalized[at] * (gainGradient[j] / rows));
                gradient[at] = j < width ? gain[j] * inverseDeviations[j] * centred : 0;
            }
        }
    }
}
