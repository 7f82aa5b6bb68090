namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>The optimizers' steps as the papers write them: the definition of <see cref="Updates"/>.</summary>
public static class UpdatesReference
{
    /// <inheritdoc cref="Updates.Sgd"/>
    public static void Sgd(Span<float> weights, ReadOnlySpan<float> gradient, float rate, Penalty penalty)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var d = Slope(ref weights[i], gradient[i], penalty);
            weights[i] -= rate * d;
        }
    }

    /// <inheritdoc cref="Updates.Momentum"/>
    public static void Momentum(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, Penalty penalty)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var d = Slope(ref weights[i], gradient[i], penalty);
            velocity[i] = Flush((momentum * velocity[i]) + d);
            weights[i] -= rate * velocity[i];
        }
    }

    /// <inheritdoc cref="Updates.Nesterov"/>
    public static void Nesterov(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, Penalty penalty)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var d = Slope(ref weights[i], gradient[i], penalty);
            velocity[i] = Flush((momentum * velocity[i]) + d);
            weights[i] -= rate * (d + (momentum * velocity[i]));
        }
    }

    /// <inheritdoc cref="Updates.RmsProp(Span{float}, ReadOnlySpan{float}, Span{float}, float, float, float, Penalty)"/>
    public static void RmsProp(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> square, float rate, float alpha, float epsilon, Penalty penalty)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var d = Slope(ref weights[i], gradient[i], penalty);
            square[i] = Flush((alpha * square[i]) + ((1 - alpha) * (d * d)));
            weights[i] -= rate * d / (MathF.Sqrt(square[i]) + epsilon);
        }
    }

    /// <inheritdoc cref="Updates.RmsProp(Span{float}, ReadOnlySpan{float}, Span{float}, Span{float}, float, float, float, float, Penalty)"/>
    public static void RmsProp(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> square, Span<float> velocity,
        float rate, float alpha, float epsilon, float momentum, Penalty penalty)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var d = Slope(ref weights[i], gradient[i], penalty);
            square[i] = Flush((alpha * square[i]) + ((1 - alpha) * (d * d)));
            velocity[i] = Flush((momentum * velocity[i]) + (d / (MathF.Sqrt(square[i]) + epsilon)));
            weights[i] -= rate * velocity[i];
        }
    }

    /// <inheritdoc cref="Updates.Adam"/>
    public static void Adam(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float step, float beta1, float beta2, float epsilon, Penalty penalty)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var d = Slope(ref weights[i], gradient[i], penalty);
            first[i] = Flush((beta1 * first[i]) + ((1 - beta1) * d));
            second[i] = Flush((beta2 * second[i]) + ((1 - beta2) * (d * d)));
            weights[i] -= step * first[i] / (MathF.Sqrt(second[i]) + epsilon);
        }
    }

    /// <inheritdoc cref="Updates.NAdam"/>
    public static void NAdam(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float gradientStep, float momentStep, float beta1, float beta2, float epsilon, Penalty penalty)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var d = Slope(ref weights[i], gradient[i], penalty);
            first[i] = Flush((beta1 * first[i]) + ((1 - beta1) * d));
            second[i] = Flush((beta2 * second[i]) + ((1 - beta2) * (d * d)));
            weights[i] -= ((gradientStep * d) + (momentStep * first[i])) / (MathF.Sqrt(second[i]) + epsilon);
        }
    }

    /// <inheritdoc cref="Updates.Lion"/>
    public static void Lion(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, float rate, float beta1, float beta2, Penalty penalty)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var d = Slope(ref weights[i], gradient[i], penalty);
            weights[i] -= rate * Sign((beta1 * first[i]) + ((1 - beta1) * d));
            first[i] = Flush((beta2 * first[i]) + ((1 - beta2) * d));
        }
    }

    /// <summary>d; takes what is decoupled from the weight.</summary>
    private static float Slope(ref float weight, float gradient, Penalty penalty)
    {
        var d = gradient + (penalty.L2 * weight) + (penalty.L1 * Sign(weight));
        weight -= penalty.Decoupled * weight;
        return d;
    }

    /// <summary>Unlike <see cref="MathF.Sign"/> this keeps NaN.</summary>
    private static float Sign(float x) => x > 0 ? 1 : x < 0 ? -1 : x;

    private static float Flush(float x) => MathF.Abs(x) < 1.17549435e-38f ? 0 : x;
}
