using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;

namespace TuningCluster.TrialWorker.Training;

/// <summary>One network in training: takes one mini-batch at a time; allocates nothing after construction.</summary>
public sealed class Learner
{
    private readonly TrainingSettings _settings;
    private readonly DataPart _part;
    private readonly NetworkPass _pass;
    private readonly TargetBlock _targets;
    private readonly Optimizer _optimizer;
    private readonly AlignedBuffer _gradient;
    private readonly AlignedBuffer _input;

    /// <param name="network">Its parameters are moved.</param>
    /// <param name="part">Where mini-batches come from.</param>
    public Learner(Network network, DataPart part, TrainingSettings settings)
    {
        Network = network;
        _part = part;
        _settings = settings;
        var rows = Math.Min(settings.BatchSize, part.Rows);
        _pass = new NetworkPass(network, rows, backward: true);
        _targets = new TargetBlock(rows, _pass.OutputStride, settings.Loss);
        _optimizer = settings.CreateOptimizer(network.Parameters.Length);
        _gradient = new AlignedBuffer(network.Parameters.Length);
        _input = new AlignedBuffer(checked(rows * part.Width));
    }

    public Network Network { get; }

    /// <summary>The gradient of the mean loss of the last mini-batch, in the layout of <see cref="Network.Parameters"/>.</summary>
    public ReadOnlySpan<float> Gradient => _gradient.Span;

    /// <summary>One step of the optimizer on the rows <paramref name="order"/> names.</summary>
    /// <param name="order">1 to batch_size row numbers.</param>
    /// <returns>Sum over the rows of the loss before the step, in the units of the data as scaled; not finite when training diverged, and
    /// then no step is taken.</returns>
    public double Step(ReadOnlySpan<int> order)
    {
        var loss = ComputeGradient(order);
        if (double.IsFinite(loss))
        {
            _optimizer.Step(Network.Parameters, _gradient.Span, Network.Blocks);
        }

        return loss;
    }

    /// <summary>Computes the loss and <see cref="Gradient"/> and moves nothing.</summary>
    /// <inheritdoc cref="Step"/>
    public double ComputeGradient(ReadOnlySpan<int> order)
    {
        var rows = order.Length;
        var width = _part.Width;
        var input = _input.Span[..(rows * width)];
        for (var i = 0; i < rows; i++)
        {
            _part.Features.AsSpan(order[i] * width, width).CopyTo(input[(i * width)..]);
        }

        _targets.Gather(_part, order);
        _pass.Forward(rows, input);
        var loss = _settings.Loss.Sum(rows, Network.Architecture.Outputs, _pass.Outputs, _pass.OutputStride, _targets, _pass.OutputGradient);
        _pass.Backward(rows, input, _gradient.Span);
        return loss;
    }
}
