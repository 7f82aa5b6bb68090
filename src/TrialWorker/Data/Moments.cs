namespace TuningCluster.TrialWorker.Data;

/// <summary>Mean and deviation in two passes, so that values far from zero lose nothing.</summary>
internal static class Moments
{
    /// <summary>Mean and population standard deviation of <paramref name="values"/> and of <paramref name="more"/> further copies of <paramref name="value"/>.</summary>
    /// <param name="values">Finite, at least one.</param>
    public static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<double> values, double value = 0, int more = 0)
    {
        var count = values.Length + more;
        var sum = value * more;
        foreach (var v in values)
        {
            sum += v;
        }

        var mean = sum / count;
        var squares = more * (value - mean) * (value - mean);
        foreach (var v in values)
        {
            squares += (v - mean) * (v - mean);
        }

        return (mean, Math.Sqrt(squares / count));
    }
}
