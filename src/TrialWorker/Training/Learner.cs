using System.Runtime.CompilerServices;
using TuningCluster.Shared.Randomness;
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
    private readonly Loss _loss;
    private readonly NetworkPass _pass;
    private readonly TargetBlock _targets;
    private readonly InputBlock _input;
    private readonly Optimizer _optimizer;
    private readonly UpdateSink _update;
    private readonly StoreSink? _stored;
    private readonly int _layers;

    /// <summary>By how many steps the schedule is ahead of the optimizer: those of earlier epochs may have had another batch size.</summary>
    private long _stepsApart;

    /// <param name="network">Its parameters are moved.</param>
    /// <param name="part">Where mini-batches come from.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="dropout">Draws which neurons are left out.</param>
    /// <param name="team">Who divides large products; null for the caller alone.</param>
    public Learner(Network network, DataPart part, TrainingSettings settings, Loss loss, Rng dropout, ThreadTeam? team = null)
    {
        Network = network;
        Dropout = dropout;
        _part = part;
        _settings = settings;
        _loss = loss;
        _layers = network.Architecture.Layers;
        var rows = Math.Min(settings.BatchSize, part.Rows);
        _pass = new NetworkPass(network, rows, backward: true, settings.Dropout, team);
        _targets = new TargetBlock(rows, _pass.OutputStride, loss.ReadsNumbers);
        _input = new InputBlock(network, rows, backward: true);
        _optimizer = settings.Optimizer.Create(network.Parameters.Length);
        Schedule = new LearningRateSchedule(settings.Schedule, settings.Optimizer.LearningRate, StepsPerEpoch, settings.Epochs);
        _update = new UpdateSink(network, _optimizer, (float)settings.ClipValue);
        _stored = settings.ClipNorm > 0 ? new StoreSink(network) : null;
    }

    public Network Network { get; }

    /// <summary>The learning rate; told of every epoch's validation loss.</summary>
    public LearningRateSchedule Schedule { get; }

    /// <summary>Draws which neurons are left out.</summary>
    public Rng Dropout { get; private set; }

    private int StepsPerEpoch => (_part.Rows + _settings.BatchSize - 1) / _settings.BatchSize;

    /// <summary>The learning rate of the next step.</summary>
    public double Rate => Schedule.Rate(_optimizer.Steps + _stepsApart);

    /// <summary>One step of the optimizer on the rows <paramref name="order"/> names.</summary>
    /// <param name="order">1 to batch_size row numbers.</param>
    /// <returns>Sum over the rows of the loss before the step, in the units of the data as scaled; not finite when training diverged, and
    /// then no step is taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Step(ReadOnlySpan<int> order)
    {
        _optimizer.Begin(Rate);
        if (_stored is null)
        {
            var loss = Run(order, _update);
            LimitNorms();
            return loss;
        }

        // The norm of the whole gradient must be known before the first parameter moves.
        var sum = Run(order, _stored);
        if (double.IsFinite(sum))
        {
            var gradient = _stored.Gradient;
            if (_settings.ClipValue > 0)
            {
                Norms.Clip(gradient, (float)_settings.ClipValue);
            }

            var norm = Math.Sqrt(Norms.SumOfSquares(gradient));
            if (norm > _settings.ClipNorm)
            {
                Norms.Scale(gradient, (float)(_settings.ClipNorm / norm));
            }

            MoveAll(gradient);
            LimitNorms();
        }

        return sum;
    }

    /// <summary>Computes the loss and the gradient of the mean loss of a mini-batch, and moves nothing.</summary>
    /// <param name="gradient">Receives the layout of <see cref="Network.Parameters"/>.</param>
    /// <inheritdoc cref="Step"/>
    public double ComputeGradient(ReadOnlySpan<int> order, Span<float> gradient)
    {
        var store = new StoreSink(Network);
        var loss = Run(order, store);
        store.Gradient.CopyTo(gradient);
        return loss;
    }

    /// <summary>Writes everything that the next step depends on, but the data and the settings.</summary>
    public void Write(BinaryWriter writer)
    {
        CheckpointFormat.Write(writer, Network.Parameters);
        CheckpointFormat.Write(writer, Network.Statistics);
        _optimizer.Write(writer);
        writer.Write(_stepsApart);
        Schedule.Write(writer);
        CheckpointFormat.Write(writer, Dropout);
    }

    /// <summary>Takes over what <see cref="Write"/> wrote of a learner of the same settings and data.</summary>
    /// <exception cref="EndOfStreamException">The bytes end too early.</exception>
    public void Read(BinaryReader reader)
    {
        CheckpointFormat.Read(reader, Network.Parameters);
        CheckpointFormat.Read(reader, Network.Statistics);
        _optimizer.Read(reader);
        _stepsApart = reader.ReadInt64();
        Schedule.Read(reader);
        Dropout = CheckpointFormat.ReadRng(reader);
    }

    /// <summary>Goes on from what <see cref="Write"/> wrote of a learner of the same network, kind of optimizer and data, whose other settings may have been others. Draws of its own.</summary>
    /// <param name="epochs">Epochs that learner had trained.</param>
    /// <exception cref="EndOfStreamException">The bytes end too early.</exception>
    public void GoOnFrom(BinaryReader reader, int epochs)
    {
        var dropout = Dropout;
        Read(reader);
        Dropout = dropout;
        _stepsApart = ((long)epochs * StepsPerEpoch) - _optimizer.Steps;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Run(ReadOnlySpan<int> order, LayerSink sink)
    {
        var rows = order.Length;

        // The mini-batch is read where the data set has it: nothing is gathered.
        fixed (float* features = _part.Features)
        {
            for (var i = 0; i < rows; i++)
            {
                _input.Set(_part, i, order[i], features);
                _targets.Set(_part, i, order[i]);
            }

            _pass.Forward(rows, _input.Rows, Dropout);
            var loss = _loss.Sum(rows, _pass.Outputs, _pass.OutputStride, _targets, _pass.OutputGradient);
            if (double.IsFinite(loss))
            {
                _pass.Backward(rows, _input.Rows, sink);
                if (_pass.InputGradient is { } slopes)
                {
                    _input.Backward(rows, slopes, sink);
                }
            }

            return loss;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MoveAll(Span<float> gradient)
    {
        for (var i = 0; i < Network.Architecture.Embeddings.Count; i++)
        {
            Move(Network.EmbeddingBlock(i), gradient);
        }

        for (var layer = 0; layer < _layers; layer++)
        {
            Move(Network.WeightsBlock(layer), gradient);
            Move(Network.BiasesBlock(layer), gradient);
            Move(Network.GainsBlock(layer), gradient);
            Move(Network.ShiftsBlock(layer), gradient);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(ParameterBlock block, Span<float> gradient) => _optimizer.Apply(
        block.Start, Network.Parameters.Slice(block.Start, block.Length), gradient.Slice(block.Start, block.Length), block.Decays);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LimitNorms()
    {
        for (var layer = 0; layer < _layers && _settings.MaxNorm > 0; layer++)
        {
            MaxNorm.Apply(Network.Weights(layer), Network.Architecture.InputsOf(layer), (float)_settings.MaxNorm);
        }
    }
}
