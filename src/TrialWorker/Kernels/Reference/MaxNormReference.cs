namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>The definition of <see cref="MaxNorm"/>.</summary>
public static class MaxNormReference
{
    /// <inheritdoc cref="MaxNorm.Apply"/>
    public static void Apply(Span<float> weights, int inputs, float limit)
    {
        for (var j = 0; j < weights.Length / inputs; j++)
        {
            var sum = 0f;
            for (var i = 0; i < inputs; i++)
            {
                var w = weights[Panels.IndexOf(inputs, i, j)];
                sum += w * w;
            }

            var norm = MathF.Sqrt(sum);
            for (var i = 0; i < inputs && norm > limit; i++)
            {
                weights[Panels.IndexOf(inputs, i, j)] *= limit / norm;
            }
        }
    }
}
