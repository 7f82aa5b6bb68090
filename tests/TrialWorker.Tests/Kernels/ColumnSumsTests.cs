using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class ColumnSumsTests
{
    [Fact]
    public void Sums_equal_the_reference_bit_for_bit_at_every_width()
    {
        foreach (var columns in Floats.Lengths)
        {
            Gen.Select(Gen.Int[0, 6], Gen.Int[0, 5], Gen.Int[0, 7]).SelectMany((rows, gap, offset) =>
                Floats.Any.OfLength(rows * (columns + gap)).Select(a => (rows, gap, offset, a))).Sample(
                (rows, gap, offset, a) =>
                {
                    var want = new float[columns];
                    ColumnSumsReference.Compute(rows, columns, a, columns + gap, want);
                    var sums = new Guarded(new float[columns], offset);
                    ColumnSums.Compute(rows, columns, new Guarded(a, offset + 3).Span, columns + gap, sums.Span);
                    sums.AssertUntouchedAround();
                    Assert.Equal(want, sums.Values);
                }, iter: Floats.Rounds, threads: 1);
        }
    }
}
