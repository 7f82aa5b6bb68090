using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>Takes the gradient of one layer after another; called by several threads at once for different pieces.</summary>
public abstract class LayerSink : IGradientSink
{
    /// <summary>Whose gradient comes next.</summary>
    public int Layer { get; set; }

    public abstract void TakeWeights(int start, Span<float> gradient);

    public abstract void TakeBiases(int start, Span<float> gradient);
}
