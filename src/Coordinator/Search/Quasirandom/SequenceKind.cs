namespace TuningCluster.Coordinator.Search.Quasirandom;

/// <summary>The low-discrepancy sequences there are.</summary>
public enum SequenceKind
{
    /// <summary><see cref="SobolSequence"/>.</summary>
    Sobol,

    /// <summary><see cref="HaltonSequence"/>.</summary>
    Halton,
}
