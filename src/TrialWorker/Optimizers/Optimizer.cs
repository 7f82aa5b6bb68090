using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>Moves parameters down a gradient; keeps its state for one network, in the parameters' layout.</summary>
public abstract class Optimizer
{
    /// <summary>One step.</summary>
    /// <param name="parameters">Moved in place.</param>
    /// <param name="gradient">Of the loss, by the parameters; the same layout.</param>
    /// <param name="blocks">Which runs of parameters decay; together they cover all.</param>
    public abstract void Step(Span<float> parameters, ReadOnlySpan<float> gradient, ReadOnlySpan<ParameterBlock> blocks);
}
