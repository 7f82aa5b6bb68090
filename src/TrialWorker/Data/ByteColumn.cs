using TuningCluster.Shared.Data;

namespace TuningCluster.TrialWorker.Data;

/// <summary>A column of bytes that lie in an array together with those of other columns; none is missing.</summary>
/// <param name="values">Row-major, shape [rows, <paramref name="stride"/>].</param>
/// <param name="offset">This column's place in a row.</param>
/// <param name="isPixel">A pixel of an image, otherwise its class.</param>
internal sealed class ByteColumn(string name, byte[] values, int offset, int stride, bool isPixel) : TableColumn(name)
{
    private double[]? _distinct;

    public override ColumnKind Kind => ColumnKind.Numeric;

    public override int Count => values.Length / stride;

    public override long Missing => 0;

    public override int Distinct => DistinctNumbers().Length;

    public override long Bytes => Count;

    public override bool IsPixel => isPixel;

    public override bool HoldsClasses => !isPixel;

    public override double Unit => isPixel ? byte.MaxValue : 1;

    public override double Number(int row) => values[(row * stride) + offset];

    public override double[] DistinctNumbers()
    {
        if (_distinct is null)
        {
            var has = new bool[byte.MaxValue + 1];
            for (var at = offset; at < values.Length; at += stride)
            {
                has[values[at]] = true;
            }

            _distinct = [.. Enumerable.Range(0, has.Length).Where(v => has[v]).Select(v => (double)v)];
        }

        return _distinct;
    }
}
