using TuningCluster.Coordinator.Search.Pareto;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>ln of what a point whose losses are independent normal variables is expected to gain.</summary>
internal abstract class Improvement
{
    /// <param name="means">Posterior means, shape [objectives].</param>
    /// <param name="deviations">Posterior deviations, the same shape; &gt; 0.</param>
    public abstract double Value(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations);

    /// <summary>The value; writes its derivatives.</summary>
    public abstract double Evaluate(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations, Span<double> byMean, Span<double> byDeviation);

    /// <summary>Of one objective: ln of the expected improvement over the incumbent's output.</summary>
    public sealed class OverIncumbent(double best) : Improvement
    {
        public override double Value(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations) =>
            Math.Log(deviations[0]) + LogExpectedImprovement.LogH((best - means[0]) / deviations[0]);

        public override double Evaluate(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations, Span<double> byMean, Span<double> byDeviation)
        {
            (var value, byMean[0], byDeviation[0]) = LogExpectedImprovement.Of(best, means[0], deviations[0]);
            return value;
        }
    }

    /// <summary>Of several: ln of the expected hypervolume improvement over a front.</summary>
    public sealed class OverFront(NondominatedBoxes boxes) : Improvement
    {
        /// <summary>How far beyond the front's worst losses the reference point lies, in units of its range: so that its ends count (Ishibuchi et al. 2011; as BoTorch does).</summary>
        private const double Margin = 0.1;

        public static int Mode;
        public static double Beyond = 0.1;

        private readonly LogExpectedHypervolumeImprovement _over = new(boxes);

        /// <param name="means">Outputs of the trials that the front is of; at least one.</param>
        public static OverFront Of(IReadOnlyList<double[]> means)
        {
            double[][] front = [.. NondominatedSort.Front(means).Select(i => means[i])];
            var reference = new double[means[0].Length];
            for (var o = 0; o < reference.Length; o++)
            {
                var (best, worst) = (front.Min(f => f[o]), front.Max(f => f[o]));
                var all = means.Max(f => f[o]);
                reference[o] = Mode switch { 0 => worst + Math.Max(Beyond * (worst - best), 0.01), 1 => all + Beyond, 2 => Math.Max(worst, 0) + Beyond, 3 => Math.Max(worst + Beyond*(worst-best), all), _ => throw new InvalidOperationException() };
            }

            return new OverFront(NondominatedBoxes.Of(front, reference));
        }

        public override double Value(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations) => _over.Value(means, deviations);

        public override double Evaluate(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations, Span<double> byMean, Span<double> byDeviation) =>
            _over.Evaluate(means, deviations, byMean, byDeviation);
    }
}
