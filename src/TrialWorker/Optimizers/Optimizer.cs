using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>Moves parameters down a gradient; keeps its state for one network, in the parameters' layout.</summary>
public abstract class Optimizer
{
    private readonly OptimizerSettings _settings;
    private readonly AlignedBuffer[] _states;
    private readonly int _length;
    private Penalty _penalty;

    /// <param name="length">Number of parameters, padding included.</param>
    private protected Optimizer(int length, OptimizerSettings settings)
    {
        _settings = settings;
        _length = length;
        _states = new AlignedBuffer[settings.States];
        for (var i = 0; i < _states.Length; i++)
        {
            _states[i] = new AlignedBuffer(length);
        }
    }

    /// <summary>Steps begun.</summary>
    public int Steps { get; private set; }

    /// <summary>Begins a step: what follows until the next call moves every parameter once.</summary>
    /// <param name="rate">Learning rate of the step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(double rate)
    {
        Steps++;
        var decay = _settings.WeightDecay;
        _penalty = _settings.Kind is OptimizerKind.AdamW or OptimizerKind.Lion
            ? new Penalty((float)_settings.L1, 0, (float)(rate * decay))
            : new Penalty((float)_settings.L1, (float)decay, 0);
        Prepare(rate);
    }

    /// <summary>Moves a run of parameters. Different runs may be moved by several threads at once.</summary>
    /// <param name="start">Where the run is in the flat parameters, and in the state.</param>
    /// <param name="parameters">Moved in place.</param>
    /// <param name="gradient">Of the loss, by the parameters; the same length.</param>
    /// <param name="decays">Whether penalties on the size of the parameters apply: to weights, not to biases.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(int start, Span<float> parameters, ReadOnlySpan<float> gradient, bool decays) =>
        Move(start, parameters, gradient, decays ? _penalty : Penalty.None);

    /// <summary>Writes everything that the next step depends on.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Steps);
        foreach (var number in Numbers)
        {
            writer.Write(number);
        }

        writer.Write(_states.Length);
        foreach (var state in _states)
        {
            writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(state.Span));
        }
    }

    /// <summary>Takes over what <see cref="Write"/> wrote of an optimizer of the same kind and length. A momentum that only one of the two has
    /// begins at rest, or is dropped: what other settings keep is the same but for that.</summary>
    /// <exception cref="EndOfStreamException">The bytes end too early.</exception>
    public void Read(BinaryReader reader)
    {
        Steps = reader.ReadInt32();
        foreach (ref var number in Numbers)
        {
            number = reader.ReadDouble();
        }

        var written = reader.ReadInt32();
        for (var i = 0; i < Math.Max(written, _states.Length); i++)
        {
            var state = i < _states.Length ? _states[i].Span : new float[_length];
            if (i < written)
            {
                reader.BaseStream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(state));
            }
        }
    }

    /// <summary>What a kind keeps beside its arrays.</summary>
    private protected virtual Span<double> Numbers => default;

    /// <summary>Works out what is the same for every parameter of a step.</summary>
    private protected abstract void Prepare(double rate);

    private protected abstract void Move(int start, Span<float> parameters, ReadOnlySpan<float> gradient, Penalty penalty);

    /// <summary>A run of one of the arrays.</summary>
    private protected Span<float> State(int index, int start, int length) => _states[index].Span.Slice(start, length);
}
