using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Studies;

/// <summary>Draws the next suggestions from a history; runs off the mailbox.</summary>
public static class Suggesting
{
    /// <summary>The stream of a trial's suggestion.</summary>
    public const string Purpose = "suggest";

    /// <summary>What a suggestion that the user asked for bears in place of a sampler.</summary>
    public const string Enqueue = "enqueue";

    /// <summary>Name and version of a study's sampler, as its suggestions bear them.</summary>
    public static string NameOf(StudySpec spec, ISampler sampler) => $"{spec.Strategy.Name}/{sampler.Version}";

    /// <summary>The trial that the first of the enqueued sets becomes.</summary>
    public static TrialParameters Next(StudyState state, Rng rng)
    {
        var (parameters, retryOf) = state.Enqueued[0];
        // A copy of a failed trial stays what that was when the space becomes wider meanwhile.
        return EnqueuedTrials.Complete(state.Spec.Space, (retryOf is null ? null : state.Spec.Space.Adopt(parameters)) ?? parameters, rng);
    }

    /// <summary>Up to <paramref name="count"/> suggestions, each seeing those before it as pending; what the user enqueued comes first.</summary>
    /// <param name="state">The history.</param>
    /// <param name="sampler">The study's strategy.</param>
    /// <param name="settingsHash">See <see cref="SettingsHash"/>.</param>
    /// <param name="count">≥ 1.</param>
    public static TakeSuggestions Draw(StudyState state, ISampler sampler, string settingsHash, int count)
    {
        var suggestions = new List<Suggestion>(count);
        var drawnFrom = state.Sequence;
        while (suggestions.Count < count)
        {
            var number = state.Trials.Count;
            var rng = Rng.For(state.Spec.Strategy.Seed!.Value, number, Purpose);
            var enqueued = !state.Enqueued.IsEmpty;
            var parameters = enqueued
                ? Next(state, rng)
                : sampler.Suggest(state.Spec.Space, state.HistoryFor(number) with { Sequence = drawnFrom }, rng);
            if (parameters is null)
            {
                return new TakeSuggestions(suggestions, Exhausted: true) { DrawnFrom = drawnFrom };
            }

            var name = enqueued ? Enqueue : NameOf(state.Spec, sampler);
            suggestions.Add(new Suggestion(number, parameters, enqueued, drawnFrom, name, settingsHash));
            state = Study.Apply(state, new TrialSuggested(number, parameters, enqueued, drawnFrom, name, settingsHash) { At = state.UpdatedAt, Elapsed = state.Elapsed });
        }

        return new TakeSuggestions(suggestions, Exhausted: false) { DrawnFrom = drawnFrom };
    }
}
