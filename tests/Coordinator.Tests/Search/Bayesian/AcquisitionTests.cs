using TuningCluster.Coordinator.Search.Bayesian;
using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Tests.Search.Bayesian;

public sealed class AcquisitionTests
{
    private const int Trials = 14;

    private static readonly FeatureMap Map = new(new EncodedSpace(new SearchSpace([.. Enumerable.Range(0, 3).Select(i => (Parameter)new FloatParameter($"x{i}", 0, 1, false, null, null, []))])));

    /// <summary>Of one objective and two, with and without constraints, and of constraints alone.</summary>
    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(1, 2, true)]
    [InlineData(2, 0, true)]
    [InlineData(3, 1, true)]
    [InlineData(2, 2, false)]
    public void Gradients_are_those_of_differences_and_blocks_those_of_each_alone(int objectives, int constraints, bool improves)
    {
        const double h = 1e-6;
        var acquisition = new Acquisition([Models(objectives, constraints, improves, 1), Models(objectives, constraints, improves, 2)], Map, null);
        var rng = Rng.For(5, objectives, "at");
        var block = new double[CholeskyFactor.Block * 3];
        for (var i = 0; i < block.Length; i++)
        {
            block[i] = rng.NextDouble();
        }

        var values = new double[CholeskyFactor.Block];
        acquisition.EvaluateBlock(block, values);
        var (gradient, unused) = (new double[3], new double[3]);
        for (var c = 0; c < CholeskyFactor.Block; c++)
        {
            double[] z = [.. block.Skip(3 * c).Take(3)];
            Assert.Equal(acquisition.Evaluate(z, gradient), values[c], 1e-6);
            for (var f = 0; f < 3; f++)
            {
                double[] up = [.. z], down = [.. z];
                (up[f], down[f]) = (up[f] + h, down[f] - h);
                var slope = (acquisition.Evaluate(up, unused) - acquisition.Evaluate(down, unused)) / (2 * h);

                Assert.Equal(slope, gradient[f], 1e-3 * (1 + Math.Abs(slope)));
            }
        }
    }

    [Fact]
    public void A_constraint_lowers_the_value_by_the_logarithm_of_the_chance_that_it_holds()
    {
        var with = Models(1, 1, improves: true, 1);
        double[] z = [0.3, 0.6, 0.1], gradient = new double[3];
        var (mean, variance) = with.Constraints[0].Predict(z);
        var chance = LogExpectedImprovement.LogProbability((with.Limits[0] - mean) / Math.Sqrt(variance));

        Assert.Equal(
            chance,
            new Acquisition([with], Map, null).Evaluate(z, gradient) - new Acquisition([with with { Constraints = [], Limits = [] }], Map, null).Evaluate(z, gradient),
            1e-12);
    }

    private static AcquisitionModels Models(int objectives, int constraints, bool improves, int seed) => new(
        [.. Enumerable.Range(0, objectives).Select(o => Process(seed, o))],
        !improves ? null : objectives == 1 ? new Improvement.OverIncumbent(-0.4) : Improvement.OverFront.Of([.. Enumerable.Range(0, 6).Select(i => Enumerable.Range(0, objectives).Select(o => Math.Cos(i + (2 * o))).ToArray())]),
        [.. Enumerable.Range(0, constraints).Select(c => Process(seed, 10 + c))],
        [.. Enumerable.Range(0, constraints).Select(c => 0.2 - c)]);

    private static GaussianProcess Process(int seed, int output)
    {
        var rng = Rng.For(seed, 0, "points");
        var process = new GaussianProcess(Map, new Hyperparameters([1 + output, 2, 3], 1, 0.01));
        var outputs = new double[Trials];
        for (var i = 0; i < Trials; i++)
        {
            process.Add([rng.NextDouble(), rng.NextDouble(), rng.NextDouble()]);
            outputs[i] = Math.Sin((1.3 * i) + output);
        }

        process.Observe(outputs);
        return process;
    }
}
