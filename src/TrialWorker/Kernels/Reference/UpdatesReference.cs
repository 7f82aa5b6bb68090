namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>The optimizers' steps as the papers write them: the definition of <see cref="Updates"/>.</summary>
public static class UpdatesReference
{
    /// <inheritdoc cref="Updates.Sgd"/>
    public static void Sgd(Span<float> weights, ReadOnlySpan<float> gradient, float rate, float decay)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] -= rate * (gradient[i] + (decay * weights[i]));
        }
    }

    /// <inheritdoc cref="Updates.Momentum"/>
    public static void Momentum(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, float decay)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            velocity[i] = (momentum * velocity[i]) + (gradient[i] + (decay * weights[i]));
            weights[i] -= rate * velocity[i];
        }
    }

    /// <inheritdoc cref="Updates.Adam"/>
    public static void Adam(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float step, float beta1, float beta2, float epsilon, float decay)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var d = gradient[i] + (decay * weights[i]);
            first[i] = (beta1 * first[i]) + ((1 - beta1) * d);
            second[i] = (beta2 * second[i]) + ((1 - beta2) * (d * d));
            weights[i] -= step * first[i] / (MathF.Sqrt(second[i]) + epsilon);
        }
    }
}
