using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>The shape of a multilayer perceptron: hidden layers with one activation, a linear output layer.</summary>
/// <param name="Inputs">Features a row; ≥ 1.</param>
/// <param name="Hidden">Neurons of each hidden layer, each ≥ 1; empty for a linear model.</param>
/// <param name="Outputs">Classes, or 1 for regression; ≥ 1.</param>
/// <param name="Activation">Of the hidden layers.</param>
public sealed record Architecture(int Inputs, IReadOnlyList<int> Hidden, int Outputs, ActivationKind Activation)
{
    /// <summary>Layers with weights: the hidden ones and the output layer.</summary>
    public int Layers => Hidden.Count + 1;

    /// <summary>Number of weights and biases.</summary>
    public long ParametersCount => Sum(layer => ((long)InputsOf(layer) + 1) * OutputsOf(layer));

    /// <summary>Floats the parameters take in memory, rows padded.</summary>
    public long PaddedParametersCount => Sum(layer => ((long)InputsOf(layer) + 1) * KernelPath.Pad(OutputsOf(layer)));

    public int InputsOf(int layer) => layer == 0 ? Inputs : Hidden[layer - 1];

    public int OutputsOf(int layer) => layer == Hidden.Count ? Outputs : Hidden[layer];

    public bool Equals(Architecture? other) =>
        other is not null && Inputs == other.Inputs && Outputs == other.Outputs && Activation == other.Activation
        && Hidden.SequenceEqual(other.Hidden);

    public override int GetHashCode() => HashCode.Combine(Inputs, Outputs, Activation, Hidden.Count);

    /// <summary>E.g. <c>64-32-10 relu</c>.</summary>
    public override string ToString() => $"{string.Join('-', [Inputs, .. Hidden, Outputs])} {Activation.Word()}";

    private long Sum(Func<int, long> size) => Enumerable.Range(0, Layers).Sum(size);
}
