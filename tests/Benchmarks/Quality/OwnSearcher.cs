using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>A strategy of ours as the coordinator asks it: history in, parameters out.</summary>
internal sealed class OwnSearcher(string strategy, ISampler sampler, SearchSpace space, int seed) : ISearcher
{
    /// <param name="strategy">A name of the study file, with settings in braces or without; or <see cref="PlainAnnealer.Name"/>.</param>
    /// <param name="space">What is searched.</param>
    /// <param name="direction">Of the objective.</param>
    /// <param name="seed">Of the study.</param>
    /// <param name="trials">The budget.</param>
    /// <exception cref="UsageException">No such strategy, or a setting is wrong.</exception>
    public static OwnSearcher Create(string strategy, SearchSpace space, Direction direction, int seed, int trials) => new(
        strategy, strategy == PlainAnnealer.Name ? new PlainAnnealer(seed) : SamplerFactory.Create(Spec(strategy, space, direction, seed, trials)), space, seed);

    /// <summary>Whether its suggestions depend on outcomes.</summary>
    public bool Learns => sampler.Learns;

    public TrialParameters Ask(StudyHistory history) => sampler.Suggest(space, history, Rng.For(seed, history.NextNumber, "suggest"))
        ?? throw new BenchmarkException($"{strategy} has no more points after {history.NextNumber} trials.");

    public void Tell(HistoryTrial trial)
    {
        // It is in the history.
    }

    /// <summary>Read as a user's file is, for the defaults of its settings.</summary>
    private static StudySpec Spec(string strategy, SearchSpace space, Direction direction, int seed, int trials)
    {
        var brace = strategy.IndexOf('{', StringComparison.Ordinal);
        var (name, settings) = brace < 0 ? (strategy, "") : (strategy[..brace], ", " + strategy[(brace + 1)..].TrimEnd('}'));
        var read = StudyFile.Parse(
            $$"""
            version: 1
            name: quality
            objective: { kind: function, name: sphere }
            parameters: { x: { type: float, low: 0, high: 1 } }
            strategy: { name: {{name}}, seed: {{seed}}{{settings}} }
            budget: { trials: {{trials}} }
            """,
            "strategy");
        return read.Spec is { } spec
            ? spec with { Space = space, Objective = spec.Objective with { Direction = direction } }
            : throw new UsageException($"'{strategy}' is no strategy: {string.Join("; ", read.Errors.Select(e => $"{e.Problem} {e.Hint}".Trim()))}");
    }
}
