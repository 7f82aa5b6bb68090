namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>What gradient clipping needs as the textbook writes it: the definition of <see cref="Norms"/>.</summary>
public static class NormsReference
{
    /// <inheritdoc cref="Norms.SumOfSquares"/>
    public static double SumOfSquares(ReadOnlySpan<float> x)
    {
        var sum = 0.0;
        foreach (var value in x)
        {
            sum += (double)value * value;
        }

        return sum;
    }

    /// <inheritdoc cref="Norms.Scale"/>
    public static void Scale(Span<float> values, float factor)
    {
        foreach (ref var value in values)
        {
            value *= factor;
        }
    }

    /// <inheritdoc cref="Norms.Clip"/>
    public static void Clip(Span<float> values, float limit)
    {
        foreach (ref var value in values)
        {
            value = Clip(value, limit);
        }
    }

    internal static float Clip(float value, float limit) => value > limit ? limit : value < -limit ? -limit : value;

    internal static void CheckLimit(float limit)
    {
        if (!(limit > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit is positive.");
        }
    }
}
