using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.Benchmarks.Gemm;

/// <summary>A product of ours and its matrices: all that the suite uses of the product we ship.</summary>
internal sealed class SquareProduct
{
    private readonly AlignedBuffer _a;
    private readonly AlignedBuffer _b;
    private readonly AlignedBuffer _c;

    /// <param name="size">Rows and columns of all three.</param>
    public SquareProduct(int size)
    {
        Size = size;
        (_a, _b, _c) = (new AlignedBuffer(size * size), new AlignedBuffer(size * size), new AlignedBuffer(size * size));
        var random = new Random(0);
        Fill(_a.Span, random);
        Fill(_b.Span, random);
    }

    public int Size { get; }

    /// <summary>C = A·B.</summary>
    public void Multiply() => TrialWorker.Kernels.Gemm.Multiply(Size, Size, Size, _a.Span, Size, _b.Span, Size, [], _c.Span, Size);

    private static void Fill(Span<float> matrix, Random random)
    {
        foreach (ref var value in matrix)
        {
            value = random.NextSingle();
        }
    }
}
