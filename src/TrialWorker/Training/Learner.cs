using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;

namespace TuningCluster.TrialWorker.Training;

/// <summary>One network in training: takes one mini-batch at a time; allocates nothing after construction.</summary>
public sealed unsafe class Learner
{
    private readonly TrainingSettings _settings;
    private readonly DataPart _part;
    private readonly NetworkPass _pass;
    private readonly TargetBlock _targets;
    private readonly Optimizer _optimizer;
    private readonly RowTable _input;
    private readonly UpdateSink _update;

    /// <param name="network">Its parameters are moved.</param>
    /// <param name="part">Where mini-batches come from.</param>
    /// <param name="team">Who divides large products; null for the caller alone.</param>
    public Learner(Network network, DataPart part, TrainingSettings settings, ThreadTeam? team = null)
    {
        Network = network;
        _part = part;
        _settings = settings;
        var rows = Math.Min(settings.BatchSize, part.Rows);
        _pass = new NetworkPass(network, rows, backward: true, team);
        _targets = new TargetBlock(rows, _pass.OutputStride, settings.Loss);
        _optimizer = settings.CreateOptimizer(network.Parameters.Length);
        _input = new RowTable(rows);
        _update = new UpdateSink(network, _optimizer);
    }

    public Network Network { get; }

    /// <summary>One step of the optimizer on the rows <paramref name="order"/> names.</summary>
    /// <param name="order">1 to batch_size row numbers.</param>
    /// <returns>Sum over the rows of the loss before the step, in the units of the data as scaled; not finite when training diverged, and
    /// then no step is taken.</returns>
    public double Step(ReadOnlySpan<int> order)
    {
        _optimizer.Begin(_settings.LearningRate);
        return Run(order, _update);
    }

    /// <summary>Computes the loss and the gradient of the mean loss of a mini-batch, and moves nothing.</summary>
    /// <param name="gradient">Receives the layout of <see cref="Network.Parameters"/>.</param>
    /// <inheritdoc cref="Step"/>
    public double ComputeGradient(ReadOnlySpan<int> order, Span<float> gradient)
    {
        var store = new StoreSink(Network, gradient.Length);
        var loss = Run(order, store);
        store.Gradient.CopyTo(gradient);
        return loss;
    }

    private double Run(ReadOnlySpan<int> order, LayerSink sink)
    {
        var rows = order.Length;
        var width = _part.Width;
        _targets.Gather(_part, order);

        // The mini-batch is read where the data set has it: nothing is gathered.
        fixed (float* features = _part.Features)
        {
            for (var i = 0; i < rows; i++)
            {
                _input.Pointer[i] = features + ((nint)order[i] * width);
            }

            _pass.Forward(rows, _input.Pointer);
            var loss = _settings.Loss.Sum(rows, Network.Architecture.Outputs, _pass.Outputs, _pass.OutputStride, _targets, _pass.OutputGradient);
            if (double.IsFinite(loss))
            {
                _pass.Backward(rows, _input.Pointer, sink);
            }

            return loss;
        }
    }
}
