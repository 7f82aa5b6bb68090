namespace TuningCluster.TrialWorker.Kernels;

/// <summary>What pulls weights to zero, beside the gradient, in a step of <see cref="Updates"/>.</summary>
/// <param name="L1">Times the sign of the weight, added to the gradient; ≥ 0. A weight of zero is not pulled.</param>
/// <param name="L2">Times the weight, added to the gradient; ≥ 0.</param>
/// <param name="Decoupled">Times the weight, taken from the weight before the step: rate · decay (Loshchilov and Hutter 2019,
/// arXiv:1711.05101, as PyTorch writes it); in [0, 1].</param>
public readonly record struct Penalty(float L1, float L2, float Decoupled)
{
    /// <summary>No penalty.</summary>
    public static Penalty None => default;
}
