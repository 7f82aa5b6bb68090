using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Standardises each regression target by itself, fitted on the training part. Classes are left as they are.</summary>
/// <param name="Means">Shape [t]; 0 for classification.</param>
/// <param name="Scales">Shape [t], > 0; 1 for classification.</param>
internal sealed record TargetScaling(float[] Means, float[] Scales)
{
    /// <param name="training">Indices into <see cref="TargetColumns.Rows"/>, at least one.</param>
    public static TargetScaling Fit(TargetColumns targets, int[] training)
    {
        if (targets.Task == LearningTask.Classification)
        {
            return new TargetScaling([0], [1]);
        }

        var means = new float[targets.Values.Count];
        var scales = new float[targets.Values.Count];
        for (var t = 0; t < means.Length; t++)
        {
            // In single precision from the start: what undoes the scaling uses exactly the numbers that did it.
            var values = targets.Values[t];
            var (mean, deviation) = Moments.MeanAndDeviation(Array.ConvertAll(training, i => values[i]));
            (means[t], scales[t]) = ((float)mean, (float)deviation > 0 ? (float)deviation : 1);
        }

        return new TargetScaling(means, scales);
    }

    /// <summary>The standardised targets of some rows, row-major, shape [n, t].</summary>
    /// <param name="indices">Into <see cref="TargetColumns.Rows"/>, shape [n].</param>
    public float[] Apply(TargetColumns targets, int[] indices)
    {
        var scaled = new float[indices.Length * Means.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            for (var t = 0; t < Means.Length; t++)
            {
                scaled[(i * Means.Length) + t] = (float)((targets.Values[t][indices[i]] - Means[t]) / Scales[t]);
            }
        }

        return scaled;
    }
}
