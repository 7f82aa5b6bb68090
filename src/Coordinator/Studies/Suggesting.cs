using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>Draws the next suggestions from a history; runs off the mailbox.</summary>
public static class Suggesting
{
    /// <summary>The stream of a trial's suggestion.</summary>
    public const string Purpose = "suggest";

    /// <summary>What a suggestion that the user asked for bears in place of a sampler.</summary>
    public const string Enqueue = "enqueue";

    /// <summary>What a copy bears in place of a sampler.</summary>
    public const string Copy = "copy";

    /// <summary>Name and version of a study's sampler, as its suggestions bear them.</summary>
    public static string NameOf(StudySpec spec, ISampler sampler) => $"{spec.Strategy.Name}/{sampler.Version}";

    /// <summary>The trial that the first of the enqueued sets becomes.</summary>
    private static TrialParameters NextEnqueued(StudyState state, Rng rng)
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
            var (parameters, segment) = Next(state, sampler, enqueued, drawnFrom, rng);
            if (parameters is null)
            {
                return new TakeSuggestions(suggestions, Exhausted: true) { DrawnFrom = drawnFrom };
            }

            var name = enqueued ? Enqueue : NameOf(state.Spec, sampler);
            var suggestion = new Suggestion(number, parameters, enqueued, drawnFrom, name, settingsHash) { Segment = segment };
            suggestions.Add(suggestion);
            state = Study.Apply(state, suggestion.ToEvent() with { At = state.UpdatedAt, Elapsed = state.Elapsed });
        }

        return new TakeSuggestions(suggestions, Exhausted: false) { DrawnFrom = drawnFrom };
    }

    /// <summary>The parameters of a state's next trial, null when the strategy is exhausted, and the part of the steps it trains, null for all of them.</summary>
    /// <param name="enqueued">Whether it is the first of those the user asked for.</param>
    /// <param name="sequence">Sequence number of the history it is drawn from.</param>
    /// <param name="rng">The stream (study seed, trial number, <see cref="Purpose"/>).</param>
    public static (TrialParameters? Parameters, TrialSegment? Segment) Next(StudyState state, ISampler sampler, bool enqueued, long sequence, Rng rng)
    {
        var history = state.HistoryFor(state.Trials.Count) with { Sequence = sequence };
        if (enqueued)
        {
            return (NextEnqueued(state, rng), (sampler as ISegmentSampler)?.SegmentOfEnqueued(history));
        }

        if (sampler is not ISegmentSampler segments)
        {
            return (sampler.Suggest(state.Spec.Space, history, rng), null);
        }

        var suggestion = segments.SuggestSegment(state.Spec.Space, history, rng);
        return (suggestion?.Parameters, suggestion?.Segment);
    }
}
