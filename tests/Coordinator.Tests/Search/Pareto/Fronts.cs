using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Tests.Search.Pareto;

/// <summary>Seeded sets of losses for the tests here.</summary>
internal static class Fronts
{
    /// <summary>Vectors in the unit cube; with <paramref name="values"/> of a grid of so many values a side, hence with ties and copies.</summary>
    public static double[][] Random(int seed, int count, int objectives, int? values = null)
    {
        var rng = Rng.For(seed, count, "losses");
        return
        [
            .. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, objectives)
                .Select(_ => values is { } v ? rng.NextInt32(v) / (double)v : rng.NextDouble()).ToArray()),
        ];
    }

    /// <summary>None dominates another: on the unit sphere's part of positive losses.</summary>
    public static double[][] Sphere(int seed, int count, int objectives)
    {
        var rng = Rng.For(seed, count, "sphere");
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var x = Enumerable.Range(0, objectives).Select(_ => Math.Abs(rng.NextNormal())).ToArray();
                var length = Math.Sqrt(x.Sum(v => v * v));
                return x.Select(v => v / length).ToArray();
            }),
        ];
    }
}
