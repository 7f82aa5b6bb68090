using TuningCluster.Benchmarks.Quality;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Tests.Benchmarks.Quality;

public sealed class KnownFunctionTests
{
    public static TheoryData<string> Names => [.. KnownFunction.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Has_its_least_value_at_its_optimum(string name)
    {
        var f = KnownFunction.All.Single(k => k.Name == name);

        Assert.Equal(f.Least, f.Value(Place(f, f.Optimum)), 1e-12);
        for (var i = 0; i < f.Optimum.Length; i++)
        {
            foreach (var step in (double[])[-1e-4, 1e-4])
            {
                double[] beside = [.. f.Optimum];
                beside[i] += step;
                Assert.True(f.Value(Place(f, beside)) > f.Least, $"{name} falls along x{i}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_nowhere_less(string name)
    {
        var f = KnownFunction.All.Single(k => k.Name == name);
        var rng = Rng.For(5, 0, name);
        for (var draw = 0; draw < 2000; draw++)
        {
            // Moved problems look beyond the box too.
            var unit = Enumerable.Range(0, f.Low.Length).Select(_ => (3 * rng.NextDouble()) - 1).ToArray();
            Assert.True(f.Value(Place(f, unit)) >= f.Least);
        }
    }

    [Fact]
    public void Levy_is_Levy()
    {
        var levy = KnownFunction.All.Single(k => k.Name == "levy10");

        // By its definition, computed apart.
        Assert.Equal(1.4426009870527703, levy.Value(new double[10]), 1e-12);
        Assert.Equal(152.28983468358925, levy.Value([.. Enumerable.Range(0, 10).Select(i => -10.0 + (2 * i))]), 1e-11);
    }

    private static double[] Place(KnownFunction f, double[] unit) => [.. unit.Select((u, i) => f.Low[i] + (u * (f.High[i] - f.Low[i])))];
}
