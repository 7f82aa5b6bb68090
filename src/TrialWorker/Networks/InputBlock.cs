using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>The rows a pass takes. Without embeddings they are read where the data set has them; with embeddings they are put together.</summary>
internal sealed unsafe class InputBlock
{
    private readonly Network _network;
    private readonly Architecture _architecture;
    private readonly Embedding[] _embeddings;
    private readonly RowTable _direct;
    private readonly RowBuffer? _assembled;
    private readonly int[] _codes;
    private readonly AlignedBuffer[] _gradients;

    /// <param name="maxRows">Rows of the largest block.</param>
    /// <param name="backward">Whether gradients by the embeddings are wanted too.</param>
    public InputBlock(Network network, int maxRows, bool backward)
    {
        _network = network;
        _architecture = network.Architecture;
        _direct = new RowTable(maxRows);
        _embeddings = [.. _architecture.Embeddings];
        _assembled = _embeddings.Length > 0 ? new RowBuffer(maxRows, _architecture.Inputs) : null;
        _codes = new int[maxRows * _embeddings.Length];
        _gradients = new AlignedBuffer[backward ? _embeddings.Length : 0];
        for (var i = 0; i < _gradients.Length; i++)
        {
            _gradients[i] = new AlignedBuffer(network.EmbeddingBlock(i).Length);
        }
    }

    /// <summary>Pointers to the rows of the last block.</summary>
    public float** Rows => _assembled is null ? _direct.Pointer : _assembled.Rows;

    /// <summary>Takes one row of a part.</summary>
    /// <param name="at">Which row of the block it becomes.</param>
    /// <param name="features">The part's features, held in place as long as the block is used.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(DataPart part, int at, int row, float* features)
    {
        var source = features + ((nint)row * part.Width);
        _direct.Pointer[at] = source;
        if (_assembled is null)
        {
            return;
        }

        var target = new Span<float>(_assembled.Rows[at], _architecture.Inputs);
        new ReadOnlySpan<float>(source, part.Width).CopyTo(target);
        target = target[part.Width..];
        var count = _embeddings.Length;
        for (var i = 0; i < count; i++)
        {
            var dimension = _embeddings[i].Dimension;
            var code = part.Codes[((long)row * count) + i];
            _codes[(at * count) + i] = code;
            _network.EmbeddingTable(i).Slice(code * dimension, dimension).CopyTo(target);
            target = target[dimension..];
        }
    }

    /// <summary>Hands out the gradient by every table: the rows' slopes, added up by category in the order of the rows.</summary>
    /// <param name="slopes">By the rows of the last block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(int rows, RowBuffer slopes, LayerSink sink)
    {
        var column = _architecture.Features;
        var count = _embeddings.Length;
        for (var i = 0; i < count; i++)
        {
            var dimension = _embeddings[i].Dimension;
            var gradient = _gradients[i].Span;
            gradient.Clear();
            for (var row = 0; row < rows; row++)
            {
                var target = gradient.Slice(_codes[(row * count) + i] * dimension, dimension);
                for (var d = 0; d < dimension; d++)
                {
                    target[d] += slopes.Rows[row][column + d];
                }
            }

            sink.TakeEmbedding(i, gradient);
            column += dimension;
        }
    }
}
