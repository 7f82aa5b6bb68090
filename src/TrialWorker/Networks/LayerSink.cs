using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>Takes the gradient of one layer after another; pieces of weights and biases come from several threads at once.</summary>
public abstract class LayerSink : IGradientSink
{
    /// <summary>Whose gradient comes next.</summary>
    public int Layer { get; set; }

    public abstract void TakeWeights(int start, Span<float> gradient);

    public abstract void TakeBiases(int start, Span<float> gradient);

    /// <summary>The gradient by a normalized layer's gains and shifts, as long as a row of its outputs.</summary>
    public abstract void TakeGains(Span<float> gains, Span<float> shifts);

    /// <summary>The gradient by a whole table of embeddings, padded.</summary>
    public abstract void TakeEmbedding(int index, Span<float> gradient);
}
