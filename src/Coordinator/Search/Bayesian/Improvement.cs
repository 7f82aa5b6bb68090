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
        /// <summary>How far beyond the front's worst outputs the reference point lies at least, in units of its range or of an output's deviation: so that its ends count (Ishibuchi et al. 2011, as BoTorch does).</summary>
        private const double Margin = 0.1;

        private readonly LogExpectedHypervolumeImprovement _over = new(boxes);

        /// <summary>Vectors of a front that its boxes are cut by at most: their number, and the time, grows with the power of half the objectives.</summary>
        private static int MostOfFront(int objectives) => objectives switch { 2 => 500, 3 => 120, _ => 40 };

        /// <param name="means">Outputs of the trials that the front is of, and of others that are not much worse; at least one.</param>
        /// <remarks>The reference point is the worst output among all of these, objective by objective, so that a front that is short yet may grow at its ends; the front's own worst outputs with a margin where
        /// that is more.</remarks>
        public static OverFront Of(IReadOnlyList<double[]> means)
        {
            var front = NondominatedSort.Front(means);
            var reference = new double[means[0].Length];
            for (var o = 0; o < reference.Length; o++)
            {
                var (best, worst) = (front.Min(i => means[i][o]), front.Max(i => means[i][o]));
                reference[o] = Math.Max(means.Max(m => m[o]), worst + (Margin * Math.Max(1, worst - best)));
            }

            if (front.Length > MostOfFront(reference.Length))
            {
                var crowding = CrowdingDistance.Of(means, front);
                front = [.. front.Index().OrderByDescending(f => crowding[f.Index]).Take(MostOfFront(reference.Length)).Select(f => f.Item)];
            }

            return new OverFront(NondominatedBoxes.Of([.. front.Select(i => means[i])], reference));
        }

        public override double Value(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations) => _over.Value(means, deviations);

        public override double Evaluate(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations, Span<double> byMean, Span<double> byDeviation) =>
            _over.Evaluate(means, deviations, byMean, byDeviation);
    }
}
