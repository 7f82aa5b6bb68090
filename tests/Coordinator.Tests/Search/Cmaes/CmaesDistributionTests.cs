using MathNet.Numerics.LinearAlgebra;
using TuningCluster.Coordinator.Search.Cmaes;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Tests.Search.Cmaes;

public sealed class CmaesDistributionTests
{
    /// <summary>Table 1 of the tutorial (arXiv:1604.00772) for n = λ = 10, computed apart.</summary>
    [Fact]
    public void Constants_are_the_tutorials()
    {
        var w = new CmaesWeights(10, 10);
        double[] expected =
        [
            0.45627264690340597, 0.2707530970017852, 0.16223111715866978, 0.08523354710016448, 0.025509591835974777,
            -0.08001260758087221, -0.22176416099914645, -0.3445549417848209, -0.45286408637842174, -0.5497499176973852,
        ];

        Assert.Equal(3.1672992814107026, w.EffectiveParents, 1e-14);
        Assert.Equal(0.2844285879463675, w.PathOfStepSize, 1e-14);
        Assert.Equal(1.2844285879463675, w.Damping, 1e-14);
        Assert.Equal(0.29499038303562225, w.PathOfCovariance, 1e-14);
        Assert.Equal(0.015283824524751714, w.RankOne, 1e-14);
        Assert.Equal(0.023551776650417484, w.RankMu, 1e-14);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(expected[i], w.Weights[i], 1e-14);
        }
    }

    /// <summary>Equations 38 to 47 written out with matrices, over five generations.</summary>
    [Fact]
    public void An_update_is_the_tutorials()
    {
        const int n = 4;
        var w = new CmaesWeights(n, 8);
        var distribution = new CmaesDistribution(w, [0.1, 0.2, 0.3, 0.4], 0.5);
        var rng = Rng.For(1, 0, "update");
        var mean = Vector<double>.Build.Dense([0.1, 0.2, 0.3, 0.4]);
        var c = Matrix<double>.Build.DenseIdentity(n);
        var (sigma, pathSigma, pathC) = (0.5, Vector<double>.Build.Dense(n), Vector<double>.Build.Dense(n));
        for (var g = 1; g <= 5; g++)
        {
            var steps = Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, n).Select(_ => 0.7 * rng.NextNormal()).ToArray()).ToList();
            var root = c.Evd(Symmetricity.Symmetric);
            var whiten = root.EigenVectors * Matrix<double>.Build.DenseDiagonal(n, n, i => 1 / Math.Sqrt(root.EigenValues[i].Real)) * root.EigenVectors.Transpose();
            var step = steps.Take(w.Parents).Select((y, i) => w.Weights[i] * Vector<double>.Build.Dense(y)).Aggregate((a, b) => a + b);
            mean += sigma * step;
            pathSigma = ((1 - w.PathOfStepSize) * pathSigma) + (Math.Sqrt(w.PathOfStepSize * (2 - w.PathOfStepSize) * w.EffectiveParents) * (whiten * step));
            var straight = pathSigma.L2Norm() / Math.Sqrt(1 - Math.Pow(1 - w.PathOfStepSize, 2 * (g + 1))) < (1.4 + (2.0 / (n + 1))) * w.ExpectedLength ? 1 : 0;
            pathC = ((1 - w.PathOfCovariance) * pathC) + (straight * Math.Sqrt(w.PathOfCovariance * (2 - w.PathOfCovariance) * w.EffectiveParents) * step);
            var next = (1 + (w.RankOne * (1 - straight) * w.PathOfCovariance * (2 - w.PathOfCovariance)) - w.RankOne - (w.RankMu * w.Weights.Sum())) * c;
            next += w.RankOne * pathC.OuterProduct(pathC);
            for (var i = 0; i < steps.Count; i++)
            {
                var y = Vector<double>.Build.Dense(steps[i]);
                var weight = w.Weights[i] >= 0 ? w.Weights[i] : w.Weights[i] * n / Math.Pow((whiten * y).L2Norm(), 2);
                next += w.RankMu * weight * y.OuterProduct(y);
            }

            c = next;
            sigma *= Math.Exp(Math.Min(1, w.PathOfStepSize / w.Damping * ((pathSigma.L2Norm() / w.ExpectedLength) - 1)));
            distribution.Update(steps, [.. w.Weights]);

            Assert.Equal(sigma, distribution.Sigma, 1e-10);
            for (var i = 0; i < n; i++)
            {
                Assert.Equal(mean[i], distribution.Mean[i], 1e-10);
                for (var j = 0; j < n; j++)
                {
                    Assert.Equal(c[i, j], distribution.Covariance[(i * n) + j], 1e-9);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_goes_down_a_long_narrow_valley(bool adaptRates)
    {
        const int n = 5;
        var w = new CmaesWeights(n, 10);
        var distribution = new CmaesDistribution(w, [0.9, 0.9, 0.9, 0.9, 0.9], 0.3, null, adaptRates);
        var rng = Rng.For(2, 0, "valley");
        var best = double.PositiveInfinity;
        for (var g = 0; g < (adaptRates ? 1500 : 300); g++)
        {
            var population = Enumerable.Range(0, 10).Select(_ =>
            {
                var y = new double[n];
                distribution.Draw(rng, y);
                return (Step: y, Value: Value(y));
            }).OrderBy(p => p.Value).ToList();
            best = Math.Min(best, population[0].Value);
            distribution.Update([.. population.Select(p => p.Step)], [.. w.Weights]);
        }

        Assert.True(best < 1e-9, $"{best}");

        double Value(double[] y) => Enumerable.Range(0, n).Sum(i => Math.Pow(1e3, (double)i / (n - 1)) * Math.Pow(distribution.Mean[i] + (distribution.Sigma * y[i]) - 0.4, 2));
    }
}
