using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.Benchmarks.Gemm;

/// <summary>A product of ours and its matrices, laid out as a layer has them: all that the suite uses of the product we ship.</summary>
/// <remarks>B comes row by row and is put into panels within the time measured; a layer's weights lie in panels for good.</remarks>
internal sealed unsafe class SquareProduct : ITeamWork, IDisposable
{
    private readonly RowBuffer _a;
    private readonly AlignedBuffer _b;
    private readonly AlignedBuffer _panels;
    private readonly AlignedBuffer _zeros;
    private readonly RowBuffer _c;
    private readonly ThreadTeam _team;

    /// <param name="size">Rows and columns of all three; a multiple of 16.</param>
    /// <param name="threads">Threads that divide the product.</param>
    public SquareProduct(int size, int threads)
    {
        Size = size;
        (_a, _c) = (new RowBuffer(size, size), new RowBuffer(size, size));
        (_b, _panels, _zeros) = (new AlignedBuffer(size * size), new AlignedBuffer(size * size), new AlignedBuffer(size));
        _team = new ThreadTeam(threads);
        var random = new Random(0);
        Fill(_a.Span, random);
        Fill(_b.Span, random);
    }

    public int Size { get; }

    /// <summary>C = A·B.</summary>
    public void Multiply() => _team.Run(this, Panels.Count(Size));

    public void Dispose() => _team.Dispose();

    void ITeamWork.Run(int from, int to, int member)
    {
        for (var panel = from; panel < to; panel++)
        {
            var target = _panels.Span.Slice(panel * Size * Panels.Width, Size * Panels.Width);
            for (var row = 0; row < Size; row++)
            {
                _b.Span.Slice((row * Size) + (panel * Panels.Width), Panels.Width).CopyTo(target[(row * Panels.Width)..]);
            }
        }

        DenseProducts.Forward(_a.Rows, Size, Size, _panels.Pointer, _zeros.Pointer, _c.Pointer, _c.Stride, from, to);
    }

    private static void Fill(Span<float> matrix, Random random)
    {
        foreach (ref var value in matrix)
        {
            value = random.NextSingle();
        }
    }
}
