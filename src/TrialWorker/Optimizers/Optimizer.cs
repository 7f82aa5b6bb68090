namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>Moves parameters down a gradient; keeps its state for one network, in the parameters' layout.</summary>
public abstract class Optimizer
{
    /// <summary>Begins a step: what follows until the next call moves every parameter once.</summary>
    /// <param name="rate">Learning rate of the step.</param>
    public abstract void Begin(double rate);

    /// <summary>Moves a run of parameters. Different runs may be moved by several threads at once.</summary>
    /// <param name="start">Where the run is in the flat parameters, and in the state.</param>
    /// <param name="parameters">Moved in place.</param>
    /// <param name="gradient">Of the loss, by the parameters; the same length.</param>
    /// <param name="decays">Whether penalties on the size of the parameters apply: to weights, not to biases.</param>
    public abstract void Apply(int start, Span<float> parameters, ReadOnlySpan<float> gradient, bool decays);
}
