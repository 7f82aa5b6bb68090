using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Views;

/// <summary>What drawing every suggestion again came to.</summary>
/// <param name="Checked">Suggestions drawn again, up to the one that differs.</param>
/// <param name="Difference">The first that differs: which trial, what was recorded, what is drawn now; null when all agree.</param>
public sealed record ReplayReport(string Study, string Id, int Checked, string? Difference);

/// <summary>Draws every suggestion of a journal again from the history it was drawn from.</summary>
public static class StudyReplay
{
    /// <param name="events">The whole journal, in order.</param>
    /// <param name="id">Of the study.</param>
    public static ReplayReport Run(IReadOnlyList<StudyEvent> events, string id)
    {
        // Immutable states share what they have in common: keeping all of them costs little more than keeping the last.
        var states = new List<StudyState>(events.Count);
        var suggested = new List<TrialSuggested>();
        foreach (var e in events)
        {
            states.Add(Study.Apply(states.Count == 0 ? null : states[^1], e));
            if (e is TrialSuggested suggestion)
            {
                suggested.Add(suggestion);
            }
        }

        var drawing = new Drawing();
        foreach (var suggestion in suggested.Where(s => s.CopyOf is null))
        {
            var seen = states[(int)suggestion.HistorySequence - 1];
            while (seen.Trials.Count < suggestion.Number)
            {
                seen = Study.Apply(seen, suggested[seen.Trials.Count]);
            }

            if (drawing.Difference(seen, suggestion) is { } difference)
            {
                return new ReplayReport(StudyId.NameOf(id), id, suggestion.Number + 1, difference);
            }
        }

        return new ReplayReport(StudyId.NameOf(id), id, suggested.Count, null);
    }

    /// <summary>One sampler for as long as the space and the settings stay: its memos make a pass over the journal as fast as the study was.</summary>
    private sealed class Drawing
    {
        private string? _hash;
        private ISampler? _sampler;

        public string? Difference(StudyState seen, TrialSuggested suggestion)
        {
            var spec = seen.Spec;
            var hash = SettingsHash.Of(spec);
            if (hash != suggestion.SettingsHash)
            {
                return $"trial {suggestion.Number}: it was drawn with the settings {suggestion.SettingsHash}; the journal's study has {hash}";
            }

            if (hash != _hash)
            {
                (_hash, _sampler) = (hash, SamplerFactory.Create(spec));
            }

            var rng = Rng.For(spec.Strategy.Seed!.Value, suggestion.Number, Suggesting.Purpose);
            var (drawn, segment) = Suggesting.Next(seen, _sampler!, suggestion.Enqueued, suggestion.HistorySequence, rng);
            var name = suggestion.Enqueued ? Suggesting.Enqueue : Suggesting.NameOf(spec, _sampler!);
            return name != suggestion.Sampler ? $"trial {suggestion.Number}: it was drawn by {suggestion.Sampler}; this program has {name}"
                : drawn is null || !drawn.Equals(suggestion.Parameters) ? $"trial {suggestion.Number}: the journal has {Text(suggestion.Parameters)}; from its history {name} draws {Text(drawn)}"
                : segment != suggestion.Segment ? $"trial {suggestion.Number}: the journal has {Text(suggestion.Segment)}; from its history {name} has it train {Text(segment)}"
                : null;
        }

        private static string Text(TrialSegment? segment) => segment is null ? "all steps"
            : $"steps {segment.Start + 1} to {segment.Last} of member {segment.Member} from {(segment.Parent is { } parent ? $"trial {parent}" : "the beginning")}";

        private static string Text(TrialParameters? parameters) => parameters is null ? "nothing" : parameters.Count == 0 ? "no parameter" : parameters.ToString();
    }
}
