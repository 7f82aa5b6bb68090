using System.Runtime.CompilerServices;

namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>The losses of one output and two classes as the textbook writes them: the definition of <see cref="BinaryLosses"/>.</summary>
public static class BinaryLossesReference
{
    /// <inheritdoc cref="BinaryLosses.CrossEntropy"/>
    public static double CrossEntropy(
        int rows, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        float smoothing = 0, ReadOnlySpan<float> weights = default)
    {
        var sum = 0.0;
        for (var i = 0; i < rows; i++)
        {
            var z = outputs[i * stride];
            var target = labels[i] == 1 ? 1 - (smoothing / 2) : smoothing / 2;
            var weight = weights.IsEmpty ? 1 : weights[labels[i]];
            var share = z > 0 ? 1 - target : target;

            // max(z, 0) − z·t without the difference; infinite times nothing is nothing.
            var linear = share == 0 && !float.IsNaN(z) ? 0 : Math.Abs((double)z) * share;
            sum += weight * (linear + ReferenceMath.Log1p(Math.Exp(-Math.Min(Math.Abs((double)z), -ClassificationLosses.ExpFloor))));
            Write(gradient, i, stride, scale * weight * ((float)ReferenceMath.Logistic(z) - target));
        }

        return sum;
    }

    /// <inheritdoc cref="BinaryLosses.Hinge"/>
    public static double Hinge(
        int rows, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights = default)
    {
        var sum = 0.0;
        for (var i = 0; i < rows; i++)
        {
            var t = (2 * labels[i]) - 1;
            var weight = weights.IsEmpty ? 1 : weights[labels[i]];
            var margin = 1 - (t * outputs[i * stride]);
            sum += weight * (double)MathF.Max(0, margin);
            Write(gradient, i, stride, float.IsNaN(margin) ? margin : margin > 0 ? -t * (scale * weight) : 0);
        }

        return sum;
    }

    /// <inheritdoc cref="BinaryLosses.SquaredHinge"/>
    public static double SquaredHinge(
        int rows, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights = default)
    {
        var sum = 0.0;
        for (var i = 0; i < rows; i++)
        {
            var t = (2 * labels[i]) - 1;
            var weight = weights.IsEmpty ? 1 : weights[labels[i]];
            var margin = MathF.Max(0, 1 - (t * outputs[i * stride]));
            sum += weight * ((double)margin * margin);
            Write(gradient, i, stride, scale * weight * (-2 * t * margin));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Check(
        int rows, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, ReadOnlySpan<float> gradient, ReadOnlySpan<float> weights)
    {
        ClassificationLossesReference.CheckRows(rows, 1, outputs, stride, labels, gradient);
        if (!weights.IsEmpty && weights.Length < 2)
        {
            throw new ArgumentException("There are two classes and one weight.", nameof(weights));
        }

        foreach (var label in labels[..rows])
        {
            if (label is not (0 or 1))
            {
                throw new ArgumentException($"Label {label} is neither 0 nor 1.", nameof(labels));
            }
        }
    }

    private static void Write(Span<float> gradient, int row, int stride, float slope)
    {
        if (!gradient.IsEmpty)
        {
            gradient.Slice(row * stride, stride).Clear();
            gradient[row * stride] = slope;
        }
    }
}
