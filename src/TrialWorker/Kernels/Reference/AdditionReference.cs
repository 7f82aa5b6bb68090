namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>The definition of <see cref="Addition"/>.</summary>
public static class AdditionReference
{
    /// <inheritdoc cref="Addition.Add"/>
    public static void Add(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] += x[i];
        }
    }
}
