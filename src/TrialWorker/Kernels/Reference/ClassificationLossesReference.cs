using System.Runtime.CompilerServices;

namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>Softmax cross-entropy and multiclass hinges as the textbook writes them: the definition of <see cref="ClassificationLosses"/>.</summary>
public static class ClassificationLossesReference
{
    /// <inheritdoc cref="ClassificationLosses.CrossEntropy"/>
    public static double CrossEntropy(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        float smoothing = 0, ReadOnlySpan<float> weights = default)
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

            var picked = (double)z[labels[i]] - max;
            var weight = weights.IsEmpty ? 1 : weights[labels[i]];
            var sum = 0f;
            var shifts = 0.0;
            foreach (var output in z)
            {
                sum += MathF.Exp(MathF.Max(output - max, ClassificationLosses.ExpFloor));
                shifts += (double)output - max;
            }

            // An infinite shift of a class without a share in the target counts for nothing.
            var smooth = smoothing == 0 ? 0 : (double)smoothing / classes * shifts;
            loss += weight * (Math.Log(sum) - ((1 - (double)smoothing) * picked) - smooth);
            if (gradient.IsEmpty)
            {
                continue;
            }

            var g = gradient.Slice(i * stride, stride);
            for (var j = 0; j < classes; j++)
            {
                var probability = MathF.Exp(MathF.Max(z[j] - max, ClassificationLosses.ExpFloor)) / sum;
                var target = (smoothing / classes) + (j == labels[i] ? 1 - smoothing : 0);
                g[j] = scale * weight * (probability - target);
            }

            g[classes..].Clear();
        }

        return loss;
    }

    /// <inheritdoc cref="ClassificationLosses.Hinge"/>
    public static double Hinge(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights = default) =>
        Margins(rows, classes, outputs, stride, labels, scale, gradient, weights, 1);

    /// <inheritdoc cref="ClassificationLosses.SquaredHinge"/>
    public static double SquaredHinge(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights = default) =>
        Margins(rows, classes, outputs, stride, labels, scale, gradient, weights, 2);

    private static double Margins(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights, int power)
    {
        var sum = 0.0;
        for (var i = 0; i < rows; i++)
        {
            var z = outputs.Slice(i * stride, classes);
            var label = labels[i];
            var weight = weights.IsEmpty ? 1 : weights[label];
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
            sum += weight * Math.Pow(isNan ? double.NaN : MathF.Max(0, loss), power);
            if (gradient.IsEmpty)
            {
                continue;
            }

            var g = gradient.Slice(i * stride, stride);
            g.Clear();
            if (loss > 0)
            {
                g[rival] = scale * weight * (power == 2 ? 2 * loss : 1);
                g[label] = -g[rival];
            }
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Check(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> weights, int leastClasses)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, leastClasses);
        CheckRows(rows, classes, outputs, stride, labels, gradient);
        if (!weights.IsEmpty && weights.Length < classes)
        {
            throw new ArgumentException($"There are {weights.Length} weights for {classes} classes.", nameof(weights));
        }

        foreach (var label in labels[..rows])
        {
            if ((uint)label >= (uint)classes)
            {
                throw new ArgumentException($"Label {label} is not in [0, {classes}).", nameof(labels));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CheckRows(
        int rows, int width, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, ReadOnlySpan<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (stride < width || stride % KernelPath.Lanes != 0)
        {
            throw new ArgumentException($"The stride {stride} is not a multiple of {KernelPath.Lanes} of at least {width}.", nameof(stride));
        }

        var needed = (long)rows * stride;
        if (outputs.Length < needed || labels.Length < rows || (!gradient.IsEmpty && gradient.Length < needed))
        {
            throw new ArgumentException(
                $"{rows} rows of stride {stride} need {needed} outputs and gradients and {rows} labels; "
                + $"{outputs.Length}, {gradient.Length} and {labels.Length} are given.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CheckSmoothing(float smoothing)
    {
        if (!(smoothing >= 0 && smoothing <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "Smoothing is in [0, 1].");
        }
    }
}
