using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>What a hidden layer does with its sums before its activation.</summary>
public enum NormalizationKind
{
    None,

    /// <summary>Each row to mean 0 and variance 1 over its neurons (Ba et al. 2016, arXiv:1607.06450).</summary>
    Layer,

    /// <summary>Each neuron to mean 0 and variance 1 over the mini-batch; over running averages afterwards (Ioffe and Szegedy 2015, arXiv:1502.03167).</summary>
    Batch,
}

public static class NormalizationKinds
{
    private static readonly (string Word, NormalizationKind Kind)[] Table =
        [("none", NormalizationKind.None), ("layer", NormalizationKind.Layer), ("batch", NormalizationKind.Batch)];

    /// <param name="name">As in the study file.</param>
    /// <exception cref="ArgumentException">No such normalization.</exception>
    public static NormalizationKind Parse(string name) => Words.Parse(Table, name, "normalization");

    /// <summary>The word of the study file.</summary>
    public static string Word(this NormalizationKind kind) => Words.Of(Table, kind);
}

/// <summary>A table of vectors, one a category, that stands for a categorical column.</summary>
/// <param name="Categories">Number of codes; ≥ 1.</param>
/// <param name="Dimension">Numbers a category becomes; ≥ 1.</param>
public readonly record struct Embedding(int Categories, int Dimension);

/// <summary>The shape of a multilayer perceptron: hidden layers with one activation, a linear output layer.</summary>
/// <param name="Features">Numbers a row brings; ≥ 0, and ≥ 1 without embeddings.</param>
/// <param name="Hidden">Neurons of each hidden layer, each ≥ 1; empty for a linear model.</param>
/// <param name="Outputs">Numbers the network gives; ≥ 1.</param>
/// <param name="Activation">Of the hidden layers.</param>
public sealed record Architecture(int Features, IReadOnlyList<int> Hidden, int Outputs, ActivationKind Activation)
{
    // Asked for in every mini-batch: an array answers at once, a list behind its interface only after a look-up.
    private readonly int[] _hidden = [.. Hidden];

    /// <summary>Neurons of each hidden layer.</summary>
    public IReadOnlyList<int> Hidden => _hidden;

    /// <summary>Of the hidden layers.</summary>
    public NormalizationKind Normalization { get; init; }

    /// <summary>Whether a hidden layer's input is added to its output where both have the same width.</summary>
    public bool IsResidual { get; init; }

    private readonly IReadOnlyList<Embedding> _embeddings = [];

    // Asked for in every mini-batch, so added up once.
    private readonly int _embeddedWidth;

    /// <summary>Of the categorical columns; their vectors follow the features.</summary>
    public IReadOnlyList<Embedding> Embeddings
    {
        get => _embeddings;
        init
        {
            _embeddings = value;
            _embeddedWidth = value.Sum(e => e.Dimension);
        }
    }

    /// <summary>Numbers the first layer takes: features, then embeddings.</summary>
    public int Inputs => Features + _embeddedWidth;

    /// <summary>Layers with weights: the hidden ones and the output layer.</summary>
    public int Layers => _hidden.Length + 1;

    /// <summary>Number of trained parameters.</summary>
    public long ParametersCount =>
        Embeddings.Sum(e => (long)e.Categories * e.Dimension)
        + Sum(layer => ((long)InputsOf(layer) + (IsNormalized(layer) ? 3 : 1)) * OutputsOf(layer));

    /// <summary>Floats the parameters take in memory, padded.</summary>
    public long PaddedParametersCount =>
        Embeddings.Sum(PaddedLength)
        + Sum(layer => (((long)InputsOf(layer) + 1) * KernelPath.Pad(OutputsOf(layer))) + (IsNormalized(layer) ? 2L * RowBuffer.StrideOf(OutputsOf(layer)) : 0));

    public int InputsOf(int layer) => layer == 0 ? Inputs : _hidden[layer - 1];

    public int OutputsOf(int layer) => layer == _hidden.Length ? Outputs : _hidden[layer];

    /// <summary>Whether the layer is hidden and normalized.</summary>
    public bool IsNormalized(int layer) => layer < _hidden.Length && Normalization != NormalizationKind.None;

    /// <summary>Whether the layer is hidden and adds its input.</summary>
    public bool AddsInput(int layer) => IsResidual && layer > 0 && layer < _hidden.Length && _hidden[layer] == _hidden[layer - 1];

    /// <summary>Floats a table of vectors takes in memory.</summary>
    public static long PaddedLength(Embedding embedding) => ((long)embedding.Categories * embedding.Dimension + 15) & ~15L;

    public bool Equals(Architecture? other) =>
        other is not null && Features == other.Features && Outputs == other.Outputs && Activation == other.Activation
        && Normalization == other.Normalization && IsResidual == other.IsResidual
        && Hidden.SequenceEqual(other.Hidden) && Embeddings.SequenceEqual(other.Embeddings);

    public override int GetHashCode() => HashCode.Combine(Features, Outputs, Activation, Hidden.Count);

    /// <summary>E.g. <c>64-32-10 relu</c>.</summary>
    public override string ToString() => $"{string.Join('-', [Inputs, .. Hidden, Outputs])} {Activation.Word()}";

    private long Sum(Func<int, long> size) => Enumerable.Range(0, Layers).Sum(size);
}
