using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class DenseProductsTests
{
    /// <summary>A product that underflows errs by half the least subnormal, in the reference and here.</summary>
    private static readonly double LeastSubnormal = Math.Pow(2, -149);

    /// <summary>Tiles take 6, 4 and 1 rows, and eight rows as two fours.</summary>
    private static IEnumerable<int> Rows => Floats.IsSoftware ? [0, 1, 4, 7, 8, 17] : [.. Enumerable.Range(0, 21), 47, 48, 49, 50];

    /// <summary>Groups of six columns, panels of 16, pieces of 48 rows of weights, 256 deep.</summary>
    private static IEnumerable<int> Inputs => Floats.IsSoftware ? [1, 6, 17, 49] : [.. Enumerable.Range(1, 20), 47, 48, 49, 50, 255, 256, 257, 258];

    [Fact]
    public void Forward_is_one_chain_of_multiply_adds_from_the_bias_within_the_bound_of_the_reference() => ForEveryShape(it => CheckForward(it));

    [Theory]
    [InlineData(DenseStart.None)]
    [InlineData(DenseStart.Other)]
    [InlineData(DenseStart.Itself)]
    public void Input_gradient_is_one_chain_of_multiply_adds_from_the_start_within_the_bound_of_the_reference(DenseStart start) =>
        ForEveryShape(it => CheckInputGradient(it, start));

    [Fact]
    public void Weight_gradient_is_one_chain_of_multiply_adds_over_the_rows_within_the_bound_of_the_reference() =>
        ForEveryShape(it => CheckWeightGradient(it));

    [Fact]
    public void Copied_columns_lie_in_groups_of_six_and_give_the_same_bits() => ForEveryShape(it =>
    {
        if (it.N == 0)
        {
            return;
        }

        var columns = it.PackColumns().Span;
        Assert.Equal(it.N * ((it.Inputs + 5) / 6 * 6), columns.Length);
        for (var i = 0; i < (it.Inputs + 5) / 6 * 6; i++)
        {
            for (var r = 0; r < it.N; r++)
            {
                var want = i < it.Inputs ? it.X(r, i) : DenseCase.Untouched;
                Assert.True(Floats.AreSame(want, columns[(i / 6 * 6 * it.N) + (r * 6) + (i % 6)]), $"column {i} of row {r} of {Name(it)}");
            }
        }

        var (plain, packed) = (it.WeightGradient(0, it.OutputPanels), it.WeightGradient(0, it.OutputPanels, packed: true));
        Floats.AssertSame(plain.Weights, packed.Weights, Name(it));
        Floats.AssertSame(plain.Biases, packed.Biases, Name(it));
    });

    [Fact]
    public void Agree_with_the_references_where_rows_hold_nan_infinities_and_zeros_of_both_signs()
    {
        for (var seed = 0; seed < 20 * Floats.Rounds; seed++)
        {
            var it = new DenseCase(1 + (seed % 13), 1 + (seed % 19), 1 + (seed * 7 % 37), seed, specials: true);
            CheckForward(it);
            CheckInputGradient(it, DenseStart.Other);
            CheckWeightGradient(it);
        }
    }

    [Fact]
    public void A_row_has_the_bits_it_has_alone()
    {
        foreach (var n in Rows.Where(n => n > 1))
        {
            var it = new DenseCase(n, 11 + n, 21, n, specials: true);
            var (y, d) = (it.Forward(), it.InputGradient(false, DenseStart.Other));
            for (var i = 0; i < n; i++)
            {
                var row = it.Forward(false, 0, it.OutputPanels, i, 1);
                Floats.AssertSame(row.Span, y.Span.Slice(i * it.Stride, it.Stride), $"row {i} of {Name(it)}");
                var slopes = it.InputGradient(false, DenseStart.Other, 0, it.InputPanels, i, 1);
                Floats.AssertSame(slopes.Span, d.Span.Slice(i * it.InputStride, it.InputStride), $"row {i} of {Name(it)}");
            }
        }
    }

    [Fact]
    public void A_part_of_the_panels_has_the_bits_of_the_whole_and_nothing_else_is_written()
    {
        var it = new DenseCase(13, 70, 55, 3);
        var (y, d, gradient) = (it.Forward(), it.InputGradient(false, DenseStart.None), it.WeightGradient(0, it.OutputPanels));
        for (var from = 0; from <= it.OutputPanels; from++)
        {
            for (var to = from; to <= it.OutputPanels; to++)
            {
                AssertPart(y, it.Forward(false, from, to, 0, it.N), it.Stride, from, to);
                var part = it.WeightGradient(from, to);
                for (var i = 0; i < gradient.Weights.Length; i++)
                {
                    var isMine = i / Panels.Width / it.Inputs >= from && i / Panels.Width / it.Inputs < to;
                    Assert.Equal(isMine, part.WeightsTaken[i]);
                    Assert.True(!isMine || Floats.AreSame(gradient.Weights[i], part.Weights[i]));
                }

                for (var j = 0; j < gradient.Biases.Length; j++)
                {
                    var isMine = j / Panels.Width >= from && j / Panels.Width < to;
                    Assert.Equal(isMine, part.BiasesTaken[j]);
                    Assert.True(!isMine || Floats.AreSame(gradient.Biases[j], part.Biases[j]));
                }
            }
        }

        for (var from = 0; from <= it.InputPanels; from++)
        {
            for (var to = from; to <= it.InputPanels; to++)
            {
                AssertPart(d, it.InputGradient(false, DenseStart.None, from, to, 0, it.N), it.InputStride, from, to);
            }
        }
    }

    [Fact]
    public void Columns_are_wanted_beyond_128_KB_that_three_panels_read()
    {
        Assert.False(DenseProducts.WantsColumns(64, 512, 33));
        Assert.False(DenseProducts.WantsColumns(64, 513, 32));
        Assert.Equal(KernelPath.IsVectorized, DenseProducts.WantsColumns(64, 513, 33));
        Assert.Equal(KernelPath.IsVectorized, DenseProducts.WantsColumns(1 << 20, 1 << 20, 1 << 20));
        Assert.Equal(7L * 6, DenseProducts.ColumnsLength(7, 1));
        Assert.Equal(7L * 12, DenseProducts.ColumnsLength(7, 7));
        Assert.Equal((1L << 20) * 1_048_578, DenseProducts.ColumnsLength(1 << 20, 1 << 20));
        Assert.Throws<OverflowException>(() => DenseProducts.ScratchLength(int.MaxValue / 8));
    }

    private static void CheckForward(DenseCase it)
    {
        var y = it.Forward();
        Check(it.Forward(reference: true), y, it.Stride, it.OutputPanels * Panels.Width, it.Inputs, Name(it), (i, j) =>
        {
            // Weights past the last output are zero, and zero times infinity is NaN there as anywhere.
            var (chain, magnitude) = (it.Bias(j), Math.Abs((double)it.Bias(j)));
            for (var k = 0; k < it.Inputs; k++)
            {
                chain = MathF.FusedMultiplyAdd(it.X(i, k), it.W(k, j), chain);
                magnitude += Math.Abs((double)it.X(i, k) * it.W(k, j));
            }

            Assert.True(j < it.Outputs || chain == 0 || !float.IsFinite(chain));
            return (chain, magnitude);
        });
    }

    private static void CheckInputGradient(DenseCase it, DenseStart start)
    {
        var d = it.InputGradient(false, start);
        Check(it.InputGradient(true, start), d, it.InputStride, it.InputPanels * Panels.Width, it.Outputs, Name(it), (i, j) =>
        {
            var chain = start == DenseStart.None ? 0 : it.Start(i, j);
            var magnitude = Math.Abs((double)chain);
            for (var k = 0; k < it.Outputs; k++)
            {
                var weight = j < it.Inputs ? it.W(j, k) : 0;
                chain = MathF.FusedMultiplyAdd(it.S(i, k), weight, chain);
                magnitude += Math.Abs((double)it.S(i, k) * weight);
            }

            Assert.True(j < it.Inputs || chain == 0 || !float.IsFinite(chain));
            return (chain, magnitude);
        });
    }

    private static void CheckWeightGradient(DenseCase it)
    {
        var (want, actual) = (it.ReferenceWeightGradient(), it.WeightGradient(0, it.OutputPanels));
        Assert.DoesNotContain(false, actual.WeightsTaken);
        Assert.DoesNotContain(false, actual.BiasesTaken);
        for (var j = 0; j < actual.Biases.Length; j++)
        {
            // Both add in the order of the rows.
            Assert.True(Floats.AreSame(want.Biases[j], actual.Biases[j]), $"bias {j} of {Name(it)}");
            for (var k = 0; k < it.Inputs; k++)
            {
                var (chain, magnitude) = (0f, 0.0);
                for (var i = 0; i < it.N; i++)
                {
                    var slope = j < it.Outputs ? it.S(i, j) : 0;
                    chain = MathF.FusedMultiplyAdd(it.X(i, k), slope, chain);
                    magnitude += Math.Abs((double)it.X(i, k) * slope);
                }

                var at = Panels.IndexOf(it.Inputs, k, j);
                AssertElement(want.Weights[at], actual.Weights[at], chain, magnitude, it.N, Name(it), k, j);
            }
        }
    }

    /// <param name="columns">Columns that are computed; those after them are not touched.</param>
    /// <param name="terms">Products in each sum.</param>
    /// <param name="truth">The chain of an element, and the sum of its terms' magnitudes.</param>
    private static void Check(
        Guarded want, Guarded actual, int stride, int columns, int terms, string name, Func<int, int, (float Chain, double Magnitude)> truth)
    {
        for (var at = 0; at < want.Span.Length; at++)
        {
            var (i, j) = (at / stride, at % stride);
            if (j >= columns)
            {
                Assert.True(want.Span[at].Equals(actual.Span[at]), $"{name}: wrote past the panels");
                continue;
            }

            var (chain, magnitude) = truth(i, j);
            AssertElement(want.Span[at], actual.Span[at], chain, magnitude, terms, name, i, j);
        }
    }

    private static void AssertElement(float want, float actual, float chain, double magnitude, int terms, string name, int i, int j)
    {
        // The bound of the kernel's card; no sum overflows here, so both meet the same NaNs and infinities.
        var bound = (2 * Floats.Gamma(terms + 1) * magnitude) + ((terms + 1) * LeastSubnormal);
        if (!(Math.Abs((double)want - actual) <= bound))
        {
            Floats.AssertClose(want, actual, bound, $"[{i}, {j}] of {name}");
        }

        if (KernelPath.IsVectorized && !Floats.AreSame(chain, actual))
        {
            Assert.Fail(FormattableString.Invariant($"[{i}, {j}] of {name}: the chain gives {chain:R}, the kernel {actual:R}"));
        }
    }

    private static void AssertPart(Guarded whole, Guarded part, int stride, int from, int to)
    {
        for (var at = 0; at < whole.Span.Length; at++)
        {
            var panel = at % stride / Panels.Width;
            var want = panel >= from && panel < to ? whole.Span[at] : DenseCase.Untouched;
            Assert.True(Floats.AreSame(want, part.Span[at]), $"panels {from} to {to}: {at}");
        }
    }

    private static string Name(DenseCase it) => $"{it.N} rows, {it.Inputs} inputs, {it.Outputs} outputs";

    /// <summary>Every number of rows with every number of inputs, the outputs 1 to 40 in turn; every number of outputs with a few others;
    /// a sum over more outputs than 256; and more rows than go through the second-level cache at once.</summary>
    private static void ForEveryShape(Action<DenseCase> check)
    {
        var seed = 0;
        foreach (var n in Rows)
        {
            foreach (var inputs in Inputs)
            {
                check(new DenseCase(n, inputs, 1 + (seed % 40), ++seed));
            }
        }

        for (var outputs = 1; outputs <= 40; outputs += Floats.IsSoftware ? 13 : 1)
        {
            check(new DenseCase(7, 17, outputs, ++seed));
        }

        foreach (var outputs in Floats.IsSoftware ? [257] : new[] { 255, 256, 257, 258, 513 })
        {
            check(new DenseCase(5, 18, outputs, ++seed));
        }

        check(new DenseCase(25, 4100, 3, ++seed));
    }
}
