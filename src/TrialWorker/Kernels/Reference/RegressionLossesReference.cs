using System.Runtime.CompilerServices;

namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>The losses as the textbook writes them: the definition of <see cref="RegressionLosses"/>.</summary>
public static class RegressionLossesReference
{
    /// <inheritdoc cref="RegressionLosses.Squared"/>
    public static double Squared(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float scale, Span<float> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            var difference = outputs[i] - targets[i];
            sum += difference * difference;
            if (!gradient.IsEmpty)
            {
                gradient[i] = 2 * scale * difference;
            }
        }

        return sum;
    }

    /// <inheritdoc cref="RegressionLosses.Absolute"/>
    public static double Absolute(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float scale, Span<float> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            var difference = outputs[i] - targets[i];
            sum += MathF.Abs(difference);
            if (!gradient.IsEmpty)
            {
                gradient[i] = difference > 0 ? scale : difference < 0 ? -scale : 0;
            }
        }

        return sum;
    }

    /// <inheritdoc cref="RegressionLosses.Huber"/>
    public static double Huber(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float delta, float scale, Span<float> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            var difference = outputs[i] - targets[i];
            var distance = MathF.Abs(difference);
            sum += distance > delta ? delta * (distance - (delta / 2)) : distance * (distance / 2);
            if (!gradient.IsEmpty)
            {
                gradient[i] = scale * (difference > delta ? delta : difference < -delta ? -delta : difference);
            }
        }

        return sum;
    }

    /// <inheritdoc cref="RegressionLosses.LogCosh"/>
    public static double LogCosh(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float scale, Span<float> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            var difference = outputs[i] - targets[i];
            var distance = Math.Abs((double)difference);
            sum += distance < 1
                ? 0.5 * ReferenceMath.Log1p(Math.Pow(Math.Sinh(distance), 2))
                : distance - Math.Log(2) + ReferenceMath.Log1p(Math.Exp(-2 * distance));
            if (!gradient.IsEmpty)
            {
                gradient[i] = scale * MathF.Tanh(difference);
            }
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Check(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> gradient)
    {
        if (targets.Length != outputs.Length || (!gradient.IsEmpty && gradient.Length != outputs.Length))
        {
            throw new ArgumentException(
                $"There must be as many outputs ({outputs.Length}) as targets ({targets.Length}) and gradients ({gradient.Length}).");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CheckDelta(float delta)
    {
        if (!(delta > 0) || float.IsPositiveInfinity(delta))
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "The bend of Huber's loss is a positive number.");
        }
    }
}
