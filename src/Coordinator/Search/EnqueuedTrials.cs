using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search;

/// <summary>Fills up the trials a user asked for.</summary>
public static class EnqueuedTrials
{
    /// <summary>The given values and, for every other active parameter, a random one; drawn until the constraints hold.</summary>
    /// <param name="space">The search space.</param>
    /// <param name="partial">Values of this space; a parameter they depend on is drawn from the values that make them active.</param>
    /// <param name="rng">The stream (study seed, trial number, "suggest"); one word a parameter is used of each draw.</param>
    /// <exception cref="InvalidOperationException">No draw fulfils the constraints.</exception>
    public static TrialParameters Complete(SearchSpace space, TrialParameters partial, Rng rng)
    {
        var wanted = Wanted(space, partial);
        return space.Constraints.Count == 0 ? Draw(space, partial, wanted, rng) : AllowedDraw.First(space, () => Draw(space, partial, wanted, rng));
    }

    private static TrialParameters Draw(SearchSpace space, TrialParameters partial, List<Parameter> wanted, Rng rng)
    {
        var drawn = new Dictionary<string, ParameterValue>(space.Parameters.Count, StringComparer.Ordinal);
        foreach (var parameter in space.DrawOrder)
        {
            var word = rng.NextBits();
            if (!SearchSpace.IsActive(parameter, drawn))
            {
                continue;
            }

            drawn.Add(
                parameter.Name,
                partial.TryGetValue(parameter.Name, out var given) ? given
                : Allowed(parameter, wanted) is { Count: > 0 } allowed ? allowed[(int)ParameterDraw.Index(word, allowed.Count)]
                : ParameterDraw.From(parameter, word));
        }

        return space.Arrange(drawn);
    }

    /// <summary>The given parameters and all they depend on.</summary>
    private static List<Parameter> Wanted(SearchSpace space, TrialParameters partial)
    {
        var names = new HashSet<string>(partial.Keys, StringComparer.Ordinal);
        foreach (var parameter in space.DrawOrder.Reverse())
        {
            if (names.Contains(parameter.Name))
            {
                names.UnionWith(parameter.When.Select(c => c.Parameter));
            }
        }

        return [.. space.DrawOrder.Where(p => names.Contains(p.Name))];
    }

    /// <summary>The values of <paramref name="parameter"/> that keep every wanted one active; empty when any will do, or none.</summary>
    private static List<ParameterValue> Allowed(Parameter parameter, List<Parameter> wanted)
    {
        List<ParameterValue>? allowed = null;
        foreach (var condition in wanted.SelectMany(p => p.When).Where(c => c.Parameter == parameter.Name))
        {
            allowed = [.. (allowed ?? condition.Values).Where(condition.Values.Contains)];
        }

        return allowed ?? [];
    }
}
