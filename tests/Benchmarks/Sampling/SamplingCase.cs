namespace TuningCluster.Benchmarks.Sampling;

/// <summary>A strategy of ours beside the rival's sampler of its kind.</summary>
/// <param name="Rival">By its name in the rival's script; null where it has none.</param>
/// <param name="IsOwnHistory">See <see cref="SamplingQuestion"/>.</param>
/// <param name="Counts">Finished trials, with the goal in milliseconds; null without.</param>
/// <param name="RivalAtMost">Trials above which the rival is not asked: it would take minutes for each suggestion.</param>
internal sealed record SamplingCase(string Strategy, string? Rival, bool IsOwnHistory, (int Trials, double? Goal)[] Counts, int RivalAtMost = int.MaxValue)
{
    public static readonly IReadOnlyList<SamplingCase> All =
    [
        new("random", "random", false, [(100, 0.005), (1000, 0.005), (5000, 0.005)]),
        new("quasirandom", "random", false, [(100, null), (1000, null), (5000, null)]),
        new("tpe", "tpe", false, [(100, null), (1000, 0.2), (5000, 1)]),
        new("bayesian", "gp", false, [(100, null), (200, 5), (400, 25), (1000, null), (2000, 150)], RivalAtMost: 400),
        new("cmaes", "cmaes", true, [(100, 0.02), (1000, 0.02)]),
        new("metropolis", null, true, [(100, null), (1000, null), (5000, null)]),
    ];
}
