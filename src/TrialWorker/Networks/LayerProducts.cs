using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>The products of the layers, divided among a team where they are large enough to be worth it.</summary>
/// <remarks>The division never changes a bit of a result (<see cref="DenseProducts"/>), so neither does the size of the team.</remarks>
internal sealed unsafe class LayerProducts
{
    /// <summary>Below so many multiply-adds waking a thread costs more than it brings (some 10 µs of one core).</summary>
    private const long LeastShared = 1_000_000;

    private readonly ThreadTeam? _team;
    private readonly AlignedBuffer[] _scratch;
    private readonly AlignedBuffer? _columns;
    private readonly RowTable? _columnRows;
    private readonly ForwardWork _forward = new();
    private readonly InputGradientWork _inputGradient = new();
    private readonly WeightGradientWork _weightGradient = new();

    /// <param name="maxRows">Rows of the largest block.</param>
    /// <param name="backward">Whether gradients are wanted too.</param>
    /// <param name="team">Null for the caller alone.</param>
    public LayerProducts(Architecture architecture, int maxRows, bool backward, ThreadTeam? team)
    {
        _team = team;
        _scratch = new AlignedBuffer[backward ? team?.Size ?? 1 : 0];
        for (var i = 0; i < _scratch.Length; i++)
        {
            _scratch[i] = new AlignedBuffer(DenseProducts.ScratchLength(maxRows));
        }

        if (backward && ColumnsLength(architecture, maxRows) is > 0 and var length)
        {
            _columns = new AlignedBuffer(checked((int)length));
            _columnRows = new RowTable(maxRows, _columns.Pointer, 6);
        }
    }

    /// <summary>Floats the copy of the widest input takes, for <see cref="DenseProducts.PackColumns"/>; 0 when none is wanted.</summary>
    public static long ColumnsLength(Architecture architecture, int rows) => Enumerable.Range(0, architecture.Layers)
        .Where(layer => DenseProducts.WantsColumns(rows, architecture.InputsOf(layer), architecture.OutputsOf(layer)))
        .Select(layer => DenseProducts.ColumnsLength(rows, architecture.InputsOf(layer)))
        .DefaultIfEmpty(0)
        .Max();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(float** rows, int n, int inputs, int outputs, float* weights, float* biases, RowBuffer y)
    {
        _forward.Set(rows, n, inputs, weights, biases, y);
        Run(_forward, Panels.Count(outputs), (long)n * inputs * outputs);
    }

    /// <param name="added">Added to the gradient; the stride of <paramref name="d"/>. Null for nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void InputGradient(RowBuffer slopes, int n, int inputs, int outputs, float* weights, RowBuffer? added, RowBuffer d)
    {
        _inputGradient.Set(slopes, n, inputs, outputs, weights, added, d, _scratch);
        Run(_inputGradient, Panels.Count(inputs), (long)n * inputs * outputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WeightGradient(float** rows, int n, int inputs, int outputs, RowBuffer slopes, LayerSink sink)
    {
        var packs = _columns is not null && DenseProducts.WantsColumns(n, inputs, outputs);
        if (packs)
        {
            DenseProducts.PackColumns(rows, n, inputs, _columns!.Pointer);
        }

        _weightGradient.Set(packs ? _columnRows!.Pointer : rows, packs, n, inputs, slopes, _scratch, sink);
        Run(_weightGradient, Panels.Count(outputs), (long)n * inputs * outputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(ITeamWork work, int panels, long multiplyAdds)
    {
        if (_team is null || multiplyAdds < LeastShared)
        {
            work.Run(0, panels, 0);
        }
        else
        {
            _team.Run(work, panels);
        }
    }

    private sealed class ForwardWork : ITeamWork
    {
        private float** _rows;
        private int _n;
        private int _inputs;
        private float* _weights;
        private float* _biases;
        private RowBuffer? _y;

        public void Set(float** rows, int n, int inputs, float* weights, float* biases, RowBuffer y)
        {
            _rows = rows;
            _n = n;
            _inputs = inputs;
            _weights = weights;
            _biases = biases;
            _y = y;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to, int member) =>
            DenseProducts.Forward(_rows, _n, _inputs, _weights, _biases, _y!.Pointer, _y.Stride, from, to);
    }

    private sealed class InputGradientWork : ITeamWork
    {
        private RowBuffer? _slopes;
        private int _n;
        private int _inputs;
        private int _outputs;
        private float* _weights;
        private RowBuffer? _added;
        private RowBuffer? _d;
        private AlignedBuffer[] _scratch = [];

        public void Set(RowBuffer slopes, int n, int inputs, int outputs, float* weights, RowBuffer? added, RowBuffer d, AlignedBuffer[] scratch)
        {
            _slopes = slopes;
            _n = n;
            _inputs = inputs;
            _outputs = outputs;
            _weights = weights;
            _added = added;
            _d = d;
            _scratch = scratch;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to, int member) => DenseProducts.InputGradient(
            _slopes!.Rows, _n, _inputs, _outputs, _weights, _added is null ? null : _added.Pointer, _d!.Pointer, _d.Stride, from, to, _scratch[member].Pointer);
    }

    private sealed class WeightGradientWork : ITeamWork
    {
        private float** _rows;
        private bool _packed;
        private int _n;
        private int _inputs;
        private RowBuffer? _slopes;
        private AlignedBuffer[] _scratch = [];
        private LayerSink? _sink;

        public void Set(float** rows, bool packed, int n, int inputs, RowBuffer slopes, AlignedBuffer[] scratch, LayerSink sink)
        {
            _rows = rows;
            _packed = packed;
            _n = n;
            _inputs = inputs;
            _slopes = slopes;
            _scratch = scratch;
            _sink = sink;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int from, int to, int member) => DenseProducts.WeightGradient(
            _rows, _packed, _n, _inputs, _slopes!.Pointer, _slopes.Stride, from, to, _scratch[member].Pointer, _sink!);
    }
}
