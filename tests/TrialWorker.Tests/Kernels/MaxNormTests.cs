using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class MaxNormTests
{
    [Fact]
    public void Agrees_with_the_reference_within_the_bound()
    {
        foreach (var inputs in Floats.Lengths.Where(length => length > 0))
        {
            Gen.Select(Gen.Int[1, 3], Gen.Int[0, 7], Gen.Double[0.2, 3], Gen.Int[0, 1 << 20]).Sample(
                (panels, at, share, seed) =>
                {
                    var rng = Shared.Randomness.Rng.For(seed, 0, "max norm");
                    var x = Enumerable.Range(0, inputs * panels * Panels.Width).Select(_ => (float)rng.NextNormal()).ToArray();
                    var limit = (float)(share * Math.Sqrt(inputs));
                    var want = x.ToArray();
                    MaxNormReference.Apply(want, inputs, limit);
                    var actual = new Guarded(x, at);
                    MaxNorm.Apply(actual.Span, inputs, limit);
                    actual.AssertUntouchedAround();
                    for (var i = 0; i < x.Length; i++)
                    {
                        // The bound of the kernel's card; where the norm is at the limit one may scale and the other not: by as much.
                        var bound = (Floats.Gamma(inputs) + (6 * Floats.Unit)) * Math.Abs(x[i]);
                        if (!(Math.Abs((double)want[i] - actual.Span[i]) <= bound))
                        {
                            Floats.AssertClose(want[i], actual.Span[i], bound, $"weight {i} of {inputs} inputs");
                        }
                    }
                }, iter: Floats.Rounds, threads: 1);
        }
    }

    [Fact]
    public void Shortens_the_columns_that_are_too_long_and_leaves_the_others_bit_for_bit()
    {
        const int inputs = 3;
        var weights = new float[Panels.Length(inputs, 18)];
        Set(0, [3, 0, 4]);
        Set(1, [0.6f, 0.64f, 0.48f]);
        Set(17, [-12, 5, 0]);
        MaxNorm.Apply(weights, inputs, 1);
        Assert.Equal([0.6f, 0, 0.8f], Get(0), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal([0.6f, 0.64f, 0.48f], Get(1));
        Assert.Equal([-12f / 13, 5f / 13, 0], Get(17), (x, y) => Math.Abs(x - y) < 1e-6);
        for (var j = 2; j < 32; j++)
        {
            Assert.Equal(j == 17, Get(j).Any(w => w != 0));
        }

        void Set(int column, float[] values)
        {
            for (var i = 0; i < inputs; i++)
            {
                weights[Panels.IndexOf(inputs, i, column)] = values[i];
            }
        }

        float[] Get(int column) => [.. Enumerable.Range(0, inputs).Select(i => weights[Panels.IndexOf(inputs, i, column)])];
    }

    [Fact]
    public void Nan_in_a_column_stays_there_and_spoils_no_other()
    {
        var weights = new float[Panels.Length(2, 16)];
        Array.Fill(weights, 5f);
        weights[Panels.IndexOf(2, 1, 9)] = float.NaN;
        MaxNorm.Apply(weights, 2, 1);
        for (var j = 0; j < 16; j++)
        {
            Assert.Equal(j == 9 ? 5 : 1 / MathF.Sqrt(2), weights[Panels.IndexOf(2, 0, j)], 1e-6f);
            Assert.Equal(j == 9, float.IsNaN(weights[Panels.IndexOf(2, 1, j)]));
        }
    }

    [Fact]
    public void Refuses_what_are_no_panels()
    {
        Assert.Throws<ArgumentException>(() => MaxNorm.Apply(new float[40], 2, 1));
        Assert.Throws<ArgumentException>(() => MaxNorm.Apply(new float[32], 0, 1));
    }
}
