namespace TuningCluster.Coordinator.Pruning;

/// <summary>Steps at which rules without rungs judge: every so many, from the first after a warm-up on.</summary>
/// <param name="Interval">≥ 1.</param>
/// <param name="Warmup">No judgement at steps up to this one; ≥ 0.</param>
public readonly record struct JudgementSteps(int Interval, int Warmup)
{
    /// <summary>The next multiple of the interval after <paramref name="step"/> and the warm-up.</summary>
    public int After(int step) => ((Math.Max(step, Warmup) / Interval) + 1) * Interval;
}
