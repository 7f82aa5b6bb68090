namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>Squared and absolute loss as the textbook writes them: the definition of <see cref="RegressionLosses"/>.</summary>
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

    internal static void Check(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> gradient)
    {
        if (targets.Length != outputs.Length || (!gradient.IsEmpty && gradient.Length != outputs.Length))
        {
            throw new ArgumentException(
                $"There must be as many outputs ({outputs.Length}) as targets ({targets.Length}) and gradients ({gradient.Length}).");
        }
    }
}
