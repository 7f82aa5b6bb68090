using MathNet.Numerics.LinearAlgebra;
using TuningCluster.Coordinator.Search.Bayesian;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Tests.Search.Bayesian;

public sealed class CholeskyFactorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(50)]
    public void Factor_solutions_determinant_and_inverse_are_those_of_a_library(int n)
    {
        var k = Matrix(n);
        var factor = Factor(k, n);
        var expected = k.Cholesky();
        var b = Vector<double>.Build.Dense(n, i => Math.Sin(i + 1));

        var x = new double[n];
        factor.ForwardInto(b.AsArray(), x);
        factor.Backward(x);
        var inverse = new double[n * n];
        factor.InvertInto(inverse);

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                Assert.Equal(expected.Factor[i, j], factor.Row(i)[j], 1e-10);
                Assert.Equal(k.Inverse()[i, j], inverse[(i * n) + j], 1e-8);
            }

            Assert.Equal(expected.Solve(b)[i], x[i], 1e-8);
        }

        Assert.Equal(expected.DeterminantLn, factor.LogDeterminant, 1e-9);
    }

    [Fact]
    public void One_that_grew_and_was_cut_back_has_the_bits_of_one_made_at_once()
    {
        var k = Matrix(70);
        var whole = Factor(k, 70);
        var grown = Factor(k, 40);
        Append(grown, Matrix(80), 40, 55);
        grown.Truncate(40);
        Append(grown, k, 40, 70);

        for (var i = 0; i < 70; i++)
        {
            Assert.True(whole.Row(i).SequenceEqual(grown.Row(i)));
        }
    }

    [Fact]
    public void Many_right_hand_sides_at_once_are_solved_like_each_alone()
    {
        const int n = 37;
        var factor = Factor(Matrix(n), n);
        var rng = Rng.For(5, n, "sides");
        var block = new double[n * CholeskyFactor.Block];
        for (var i = 0; i < block.Length; i++)
        {
            block[i] = rng.NextNormal();
        }

        var sides = (double[])block.Clone();
        factor.ForwardBlock(block, n);
        for (var c = 0; c < CholeskyFactor.Block; c++)
        {
            var alone = new double[n];
            factor.ForwardInto([.. Enumerable.Range(0, n).Select(i => sides[(i * CholeskyFactor.Block) + c])], alone);
            for (var i = 0; i < n; i++)
            {
                Assert.Equal(alone[i], block[(i * CholeskyFactor.Block) + c], 1e-10);
            }
        }
    }

    [Fact]
    public void Repeated_points_leave_a_factor()
    {
        var factor = new CholeskyFactor();
        for (var n = 0; n < 30; n++)
        {
            factor.Append([.. Enumerable.Repeat(1.0, n)], 1, 1e-9);
        }

        var x = new double[30];
        factor.ForwardInto([.. Enumerable.Repeat(1.0, 30)], x);
        Assert.All(x, v => Assert.True(double.IsFinite(v)));
    }

    private static CholeskyFactor Factor(Matrix<double> k, int n)
    {
        var factor = new CholeskyFactor();
        Append(factor, k, 0, n);
        return factor;
    }

    private static void Append(CholeskyFactor factor, Matrix<double> k, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            factor.Append([.. Enumerable.Range(0, i).Select(j => k[i, j])], k[i, i], 1e-12);
        }
    }

    /// <summary>The beginning of one and the same positive definite matrix.</summary>
    private static Matrix<double> Matrix(int n) => Matrix<double>.Build.Dense(n, n, (i, j) => Math.Exp(-0.1 * Math.Abs(i - j)) + (i == j ? 0.05 : 0));
}
