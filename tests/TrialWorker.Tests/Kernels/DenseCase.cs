using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

/// <summary>A dense layer and a block of rows, whose arrays lie at any alignment and whose rows lie anywhere, and its three products.</summary>
internal sealed unsafe class DenseCase
{
    /// <summary>What a result holds before it is computed.</summary>
    public const float Untouched = 777.25f;

    private readonly Guarded _xPool;
    private readonly Guarded _slopePool;
    private readonly Guarded _weights;
    private readonly Guarded _bias;
    private readonly Guarded _start;
    private readonly Guarded _slopes;
    private readonly RowTable _x;
    private readonly RowTable _scattered;
    private readonly int _offset;

    /// <param name="specials">Whether NaN, infinities, zeros of both signs and subnormals are among X and S.</param>
    public DenseCase(int n, int inputs, int outputs, int seed, bool specials = false)
    {
        (N, Inputs, Outputs) = (n, inputs, outputs);
        Stride = Panels.Width * (Panels.Count(outputs) + (seed % 2));
        InputStride = Panels.Width * (Panels.Count(inputs) + (seed % 3));
        _offset = seed % 8;
        var rng = Rng.For(seed, 0, "dense");
        (_xPool, _x) = Scatter(inputs);
        (_slopePool, _scattered) = Scatter(outputs);
        _weights = new Guarded(new float[Panels.Length(inputs, outputs)], (seed + 3) % 8);
        _bias = new Guarded(new float[Panels.Count(outputs) * Panels.Width], (seed + 5) % 8);
        for (var j = 0; j < outputs; j++)
        {
            _bias.Span[j] = Draw(false);
            for (var i = 0; i < inputs; i++)
            {
                _weights.Span[Panels.IndexOf(inputs, i, j)] = Draw(false);
            }
        }

        _start = new Guarded(new float[n * InputStride], (seed + 1) % 8);
        _slopes = new Guarded(new float[n * Stride], (seed + 6) % 8);
        for (var i = 0; i < n; i++)
        {
            foreach (ref var start in _start.Span.Slice(i * InputStride, inputs))
            {
                start = Draw(false);
            }

            new ReadOnlySpan<float>(_scattered.Pointer[i], outputs).CopyTo(_slopes.Span[(i * Stride)..]);
        }

        float Draw(bool special) => special && rng.NextInt32(8 + inputs) == 0
            ? rng.NextInt32(6) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => float.NegativeInfinity, 3 => float.Epsilon, 4 => 0, _ => -0f }
            : (float)rng.NextNormal();

        // Rows in a drawn order with gaps of a drawn width, one of them twice.
        (Guarded Pool, RowTable Rows) Scatter(int width)
        {
            var stride = width + rng.NextInt32(10);
            var pool = new Guarded(new float[n * stride], rng.NextInt32(8));
            foreach (ref var value in pool.Span)
            {
                value = Draw(specials);
            }

            var places = Enumerable.Range(0, n).ToArray();
            rng.Shuffle(places.AsSpan());
            var rows = new RowTable(n);
            for (var i = 0; i < n; i++)
            {
                rows.Pointer[i] = pool.Pointer + (places[n > 2 && i == n - 1 ? 0 : i] * stride);
            }

            return (pool, rows);
        }
    }

    public int N { get; }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Of Y and S.</summary>
    public int Stride { get; }

    /// <summary>Of D and what it starts from.</summary>
    public int InputStride { get; }

    public int OutputPanels => Panels.Count(Outputs);

    public int InputPanels => Panels.Count(Inputs);

    public float X(int row, int input) => _x.Pointer[row][input];

    public float S(int row, int output) => _scattered.Pointer[row][output];

    public float W(int input, int output) => _weights.Span[Panels.IndexOf(Inputs, input, output)];

    public float Bias(int output) => _bias.Span[output];

    public float Start(int row, int input) => _start.Span[(row * InputStride) + input];

    /// <summary>Y, of the panels from … to and of the rows first … first + count.</summary>
    public Guarded Forward(bool reference, int from, int to, int first, int count)
    {
        var y = Result(count * Stride);
        if (reference)
        {
            DenseProductsReference.Forward(_x.Pointer + first, count, Inputs, _weights.Pointer, _bias.Pointer, y.Pointer, Stride, from, to);
        }
        else
        {
            DenseProducts.Forward(_x.Pointer + first, count, Inputs, _weights.Pointer, _bias.Pointer, y.Pointer, Stride, from, to);
        }

        return Checked(y);
    }

    public Guarded Forward(bool reference = false) => Forward(reference, 0, OutputPanels, 0, N);

    /// <summary>D, of the panels from … to and of the rows first … first + count.</summary>
    public Guarded InputGradient(bool reference, DenseStart start, int from, int to, int first, int count)
    {
        var d = Result(count * InputStride);
        if (start == DenseStart.Itself)
        {
            _start.Span.Slice(first * InputStride, d.Span.Length).CopyTo(d.Span);
        }

        var added = start switch { DenseStart.None => null, DenseStart.Itself => d.Pointer, _ => _start.Pointer + (first * InputStride) };
        var scratch = new Guarded(new float[DenseProducts.ScratchLength(count)], _offset);
        if (reference)
        {
            DenseProductsReference.InputGradient(
                _scattered.Pointer + first, count, Inputs, Outputs, _weights.Pointer, added, d.Pointer, InputStride, from, to);
        }
        else
        {
            DenseProducts.InputGradient(
                _scattered.Pointer + first, count, Inputs, Outputs, _weights.Pointer, added, d.Pointer, InputStride, from, to, scratch.Pointer);
        }

        Checked(scratch);
        return Checked(d);
    }

    public Guarded InputGradient(bool reference, DenseStart start) => InputGradient(reference, start, 0, InputPanels, 0, N);

    /// <summary>W′ in panels and b′, of the panels from … to; the rest is NaN.</summary>
    public CollectingSink WeightGradient(int from, int to, bool packed = false)
    {
        var sink = new CollectingSink(_weights.Span.Length, _bias.Span.Length);
        var scratch = new Guarded(new float[DenseProducts.ScratchLength(N)], _offset);
        var columns = packed ? PackColumns() : null;
        var rows = columns is null ? _x : new RowTable(N, columns.Pointer, 6);
        DenseProducts.WeightGradient(rows.Pointer, packed, N, Inputs, _slopes.Pointer, Stride, from, to, scratch.Pointer, sink);
        GC.KeepAlive(columns);
        Checked(scratch);
        return sink;
    }

    public CollectingSink ReferenceWeightGradient()
    {
        var sink = new CollectingSink(_weights.Span.Length, _bias.Span.Length);
        DenseProductsReference.WeightGradient(_x.Pointer, false, N, Inputs, _slopes.Pointer, Stride, 0, OutputPanels, sink);
        Checked(_slopes);
        return sink;
    }

    public Guarded PackColumns()
    {
        var columns = Result((int)DenseProducts.ColumnsLength(N, Inputs));
        DenseProducts.PackColumns(_x.Pointer, N, Inputs, columns.Pointer);
        return Checked(columns);
    }

    private Guarded Result(int length)
    {
        var result = new Guarded(new float[length], _offset);
        result.Span.Fill(Untouched);
        return result;
    }

    /// <summary>Neither around the result nor in what was read has anything changed; keeps what was read reachable until now.</summary>
    private Guarded Checked(Guarded result)
    {
        result.AssertUntouchedAround();
        foreach (var read in new[] { _xPool, _slopePool, _weights, _bias, _start, _slopes })
        {
            read.AssertUntouchedAround();
        }

        GC.KeepAlive(_x);
        GC.KeepAlive(_scattered);
        return result;
    }
}

/// <summary>What the gradient by the inputs is added to.</summary>
public enum DenseStart
{
    None,
    Other,
    Itself,
}

/// <summary>Keeps every piece and spoils it, as a sink may; complains of a piece that comes twice.</summary>
internal sealed class CollectingSink : IGradientSink
{
    public CollectingSink(int weights, int biases)
    {
        (Weights, Biases) = (new float[weights], new float[biases]);
        (WeightsTaken, BiasesTaken) = (new bool[weights], new bool[biases]);
    }

    public float[] Weights { get; }

    public float[] Biases { get; }

    public bool[] WeightsTaken { get; }

    public bool[] BiasesTaken { get; }

    public void TakeWeights(int start, Span<float> gradient) => Take(Weights, WeightsTaken, start, gradient);

    public void TakeBiases(int start, Span<float> gradient) => Take(Biases, BiasesTaken, start, gradient);

    private static void Take(float[] all, bool[] taken, int start, Span<float> gradient)
    {
        Assert.False(taken.AsSpan(start, gradient.Length).Contains(true));
        taken.AsSpan(start, gradient.Length).Fill(true);
        gradient.CopyTo(all.AsSpan(start));
        gradient.Fill(float.NaN);
    }
}
