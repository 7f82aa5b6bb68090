namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>Softmax cross-entropy and multiclass hinge as the textbook writes them: the definition of <see cref="ClassificationLosses"/>.</summary>
public static class ClassificationLossesReference
{
    /// <inheritdoc cref="ClassificationLosses.CrossEntropy"/>
    public static double CrossEntropy(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient)
    {
        var loss = 0.0;
        for (var i = 0; i < rows; i++)
        {
            var z = outputs.Slice(i * stride, classes);
            var max = float.NegativeInfinity;
            foreach (var output in z)
            {
                max = MathF.Max(max, output);
            }

            var picked = z[labels[i]];
            var sum = 0f;
            foreach (var output in z)
            {
                sum += MathF.Exp(MathF.Max(output - max, ClassificationLosses.ExpFloor));
            }

            loss += Math.Log(sum) - ((double)picked - max);
            if (gradient.IsEmpty)
            {
                continue;
            }

            var g = gradient.Slice(i * stride, stride);
            for (var j = 0; j < classes; j++)
            {
                var probability = MathF.Exp(MathF.Max(z[j] - max, ClassificationLosses.ExpFloor)) / sum;
                g[j] = scale * (probability - (j == labels[i] ? 1 : 0));
            }

            g[classes..].Clear();
        }

        return loss;
    }

    /// <inheritdoc cref="ClassificationLosses.Hinge"/>
    public static double Hinge(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < rows; i++)
        {
            var z = outputs.Slice(i * stride, classes);
            var label = labels[i];
            var rival = label == 0 ? 1 : 0;
            var isNan = false;
            for (var j = 0; j < classes; j++)
            {
                isNan |= float.IsNaN(z[j]);
                if (j != label && z[j] > z[rival])
                {
                    rival = j;
                }
            }

            var loss = 1 + (z[rival] - z[label]);
            sum += isNan ? double.NaN : MathF.Max(0, loss);
            if (gradient.IsEmpty)
            {
                continue;
            }

            var g = gradient.Slice(i * stride, stride);
            g.Clear();
            if (loss > 0)
            {
                g[rival] = scale;
                g[label] = -scale;
            }
        }

        return sum;
    }

    internal static void Check(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, ReadOnlySpan<float> gradient, int leastClasses)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, leastClasses);
        if (stride < classes || stride % KernelPath.Lanes != 0)
        {
            throw new ArgumentException($"The stride {stride} is not a multiple of {KernelPath.Lanes} of at least {classes}.", nameof(stride));
        }

        var needed = (long)rows * stride;
        if (outputs.Length < needed || labels.Length < rows || (!gradient.IsEmpty && gradient.Length < needed))
        {
            throw new ArgumentException(
                $"{rows} rows of stride {stride} need {needed} outputs and gradients and {rows} labels; "
                + $"{outputs.Length}, {gradient.Length} and {labels.Length} are given.");
        }

        foreach (var label in labels[..rows])
        {
            if ((uint)label >= (uint)classes)
            {
                throw new ArgumentException($"Label {label} is not in [0, {classes}).", nameof(labels));
            }
        }
    }
}
