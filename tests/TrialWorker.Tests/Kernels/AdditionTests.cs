using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class AdditionTests
{
    [Fact]
    public void Equals_the_reference_bit_for_bit_at_every_length()
    {
        foreach (var length in Floats.Lengths)
        {
            Gen.Select(Floats.Any.OfLength(length), Floats.Any.OfLength(length), Gen.Int[0, 7]).Sample(
                (x, y, at) =>
                {
                    var want = y.ToArray();
                    AdditionReference.Add(x, want);
                    var (read, sums) = (new Guarded(x, at + 3), new Guarded(y, at));
                    Addition.Add(read.Span, sums.Span);
                    sums.AssertUntouchedAround();
                    Floats.AssertSame(want, sums.Span, $"length {length}");
                    Floats.AssertSame(x, read.Span, $"length {length}");
                }, iter: Floats.Rounds, threads: 1);
        }
    }

    [Fact]
    public void Doubles_a_span_added_to_itself()
    {
        var x = Enumerable.Range(0, 19).Select(i => (float)i).ToArray();
        Addition.Add(x, x);
        Assert.Equal(Enumerable.Range(0, 19).Select(i => 2f * i), x);
    }

    [Fact]
    public void Refuses_spans_of_different_lengths() => Assert.Throws<ArgumentException>(() => Addition.Add(new float[3], new float[4]));
}
