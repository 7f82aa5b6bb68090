using MathNet.Numerics.LinearAlgebra;
using TuningCluster.Coordinator.Search.Bayesian;
using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Tests.Search.Bayesian;

public sealed class GaussianProcessTests
{
    private static readonly SearchSpace Space = new(
    [
        new FloatParameter("a", 0, 1, false, null, null, []),
        new IntParameter("b", 1, 9, false, 1, null, []),
        new CategoricalParameter("c", [ParameterValue.Text("x"), ParameterValue.Text("y"), ParameterValue.Text("z")], []),
        new FloatParameter("d", 0, 1, false, null, null, [new Condition("c", [ParameterValue.Text("x")])]),
        new CategoricalParameter("e", [ParameterValue.Bool(true), ParameterValue.Bool(false)], []),
    ]);

    private static readonly EncodedSpace Encoded = new(Space);
    private static readonly FeatureMap Map = new(Encoded);
    private static readonly Hyperparameters Of = new([2, 0.7, 1.3, 0.9, 0.4], 1.7, 0.02);

    [Fact]
    public void Posterior_is_that_of_a_naive_solve()
    {
        var points = Points(25);
        double[] outputs = [.. points.Select((p, i) => Math.Sin(3 * p[0]) + (0.1 * i))];
        var process = Process(points);
        process.Observe(outputs);

        var k = Matrix<double>.Build.Dense(25, 25, (i, j) => Kernel(points[i], points[j]) + (i == j ? Of.Noise : 0));
        var alpha = k.Solve(Vector<double>.Build.Dense(outputs));
        foreach (var at in Points(40).Skip(25))
        {
            var row = Vector<double>.Build.Dense(25, i => Kernel(points[i], at));
            var (mean, variance) = process.Predict(Features(at));

            Assert.Equal(row.DotProduct(alpha), mean, 1e-8);
            Assert.Equal(Of.Scale - row.DotProduct(k.Solve(row)), variance, 1e-8);
        }
    }

    [Fact]
    public void A_block_of_points_is_predicted_like_each_alone()
    {
        var process = Process(Points(30));
        process.Observe([.. Enumerable.Range(0, 30).Select(i => Math.Cos(i))]);
        var block = Points(30 + CholeskyFactor.Block).Skip(30).ToList();
        var (means, variances) = (new double[CholeskyFactor.Block], new double[CholeskyFactor.Block]);
        process.PredictBlock([.. block.SelectMany(p => Features(p))], means, variances, new double[30 * CholeskyFactor.Block]);
        for (var c = 0; c < block.Count; c++)
        {
            var (mean, variance) = process.Predict(Features(block[c]));
            Assert.Equal(mean, means[c], 1e-10);
            Assert.Equal(variance, variances[c], 1e-9);
        }
    }

    [Fact]
    public void Gradients_are_those_of_differences()
    {
        const double h = 1e-5;
        var process = Process(Points(20));
        process.Observe([.. Enumerable.Range(0, 15).Select(i => Math.Cos(i))]);
        var z = Features(Points(21)[20]);
        var (meanSlope, varianceSlope) = (new double[Map.Count], new double[Map.Count]);
        process.Predict(z, meanSlope, varianceSlope);
        for (var f = 0; f < Map.Count; f++)
        {
            var (up, down) = ((double[])z.Clone(), (double[])z.Clone());
            up[f] += h;
            down[f] -= h;
            Assert.Equal((process.Predict(up).Mean - process.Predict(down).Mean) / (2 * h), meanSlope[f], 1e-6);
            Assert.Equal((process.Predict(up).Variance - process.Predict(down).Variance) / (2 * h), varianceSlope[f], 1e-6);
        }
    }

    [Fact]
    public void The_kernel_is_positive_definite_over_conditions_and_categories()
    {
        var points = Points(60);
        var k = Matrix<double>.Build.Dense(60, 60, (i, j) => Kernel(points[i], points[j]));

        Assert.True(k.Evd(Symmetricity.Symmetric).EigenValues.Real().Minimum() > -1e-10);
    }

    [Fact]
    public void Inactive_points_agree_and_categories_are_all_equally_far()
    {
        double[] x = [0.3, 0.5, 1.0 / 6, 0.2, 0.25], y = [0.3, 0.5, 0.5, double.NaN, 0.25], z = [0.3, 0.5, 5.0 / 6, double.NaN, 0.25];

        Assert.Equal(1, Squares(y, z, dimension: 2), 1e-12);
        Assert.Equal(1, Squares(x, y, dimension: 2), 1e-12);
        Assert.Equal(0, Squares(y, z, dimension: 3), 1e-12);
        Assert.Equal(0.09 + 0.25, Squares(x, y, dimension: 3), 1e-12);
    }

    [Fact]
    public void The_likelihoods_gradient_is_that_of_differences()
    {
        const double h = 1e-5;
        var columns = new PointColumns(Map);
        Points(18).ForEach(p => columns.Add(p));
        var likelihood = new MarginalLikelihood(columns, [.. Enumerable.Range(0, 18).Select(i => Math.Sin(2.3 * i))]);
        double[] log = [0.3, -0.5, 0.1, 0.8, -1, 0.2, -3];
        var gradient = new double[log.Length];
        likelihood.Value(log, gradient);
        for (var i = 0; i < log.Length; i++)
        {
            var (up, down) = ((double[])log.Clone(), (double[])log.Clone());
            up[i] += h;
            down[i] -= h;
            Assert.Equal((likelihood.Value(up, default) - likelihood.Value(down, default)) / (2 * h), gradient[i], 1e-5);
        }
    }

    [Fact]
    public void Fitting_finds_which_coordinates_matter()
    {
        var space = new EncodedSpace(new SearchSpace([.. Enumerable.Range(0, 3).Select(i => (Parameter)new FloatParameter($"x{i}", 0, 1, false, null, null, []))]));
        var columns = new PointColumns(new FeatureMap(space));
        var rng = Rng.For(9, 0, "points");
        var outputs = new double[40];
        for (var i = 0; i < 40; i++)
        {
            double[] point = [rng.NextDouble(), rng.NextDouble(), rng.NextDouble()];
            columns.Add(point);
            outputs[i] = Math.Sin(8 * point[1]);
        }

        var fitted = HyperparameterFit.MostProbable(new MarginalLikelihood(columns, outputs));

        Assert.True(fitted.Weights[1] > 5 * fitted.Weights[0] && fitted.Weights[1] > 5 * fitted.Weights[2], string.Join(' ', fitted.Weights));
        Assert.True(fitted.Noise < 1e-3);
    }

    [Fact]
    public void Outputs_keep_the_order_draw_in_what_is_far_and_put_diverged_trials_last()
    {
        double[] losses = [1, 2, 3, 4, 5, 6, 7, double.PositiveInfinity, 1e12];
        var warp = new OutputWarp(losses);
        var outputs = warp.Outputs;

        Assert.Equal(outputs.Take(7), outputs.Take(7).Order());
        Assert.Equal(outputs.Max(), outputs[7]);
        Assert.True(outputs[8] < 6 * (outputs[6] - outputs[0]), string.Join(' ', outputs));
        Assert.Equal(outputs.Take(7), losses.Take(7).Select(warp.Of));
        Assert.All(new OutputWarp([3, 3, 3, 3, 3, 3]).Outputs, v => Assert.Equal(0, v));
    }

    [Fact]
    public void What_is_not_known_to_fulfil_a_constraint_is_above_its_limit()
    {
        var warp = new OutputWarp([-3, -2, double.PositiveInfinity, -1, -2.5, -1.5], limit: 0);
        Assert.True(warp.Outputs[2] >= warp.Of(0) + 1 && warp.Of(0) > warp.Outputs[3]);

        var none = new OutputWarp([double.PositiveInfinity, double.PositiveInfinity], limit: 0);
        Assert.All(none.Outputs, v => Assert.Equal(none.Of(0) + 1, v));
    }

    private static GaussianProcess Process(List<double[]> points)
    {
        var process = new GaussianProcess(Map, Of);
        points.ForEach(p => process.Add(p));
        return process;
    }

    private static double[] Features(double[] point)
    {
        var z = new double[Map.Count];
        Map.Map(point, z);
        return z;
    }

    private static double Squares(double[] a, double[] b, int dimension)
    {
        var (x, y) = (Features(a), Features(b));
        return Enumerable.Range(0, Map.Count).Where(f => Map.DimensionOf[f] == dimension).Sum(f => (x[f] - y[f]) * (x[f] - y[f]));
    }

    private static double Kernel(double[] a, double[] b)
    {
        var r = Math.Sqrt(5 * Enumerable.Range(0, Map.Dimensions).Sum(d => Of.Weights[d] * Squares(a, b, d)));
        return Of.Scale * (1 + r + (r * r / 3)) * Math.Exp(-r);
    }

    /// <summary>The first so many of one sequence.</summary>
    private static List<double[]> Points(int count)
    {
        var rng = Rng.For(3, 0, "points");
        var points = new List<double[]>();
        while (points.Count < count)
        {
            double[] u = [rng.NextDouble(), rng.NextDouble(), rng.NextDouble(), rng.NextDouble(), rng.NextDouble()];
            Encoded.Snap(u);
            points.Add(u);
        }

        return points;
    }
}
