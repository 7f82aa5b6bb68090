using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search.Pbt;

/// <summary>Population-based training (Jaderberg et al. 2017, arXiv:1711.09846): networks trained side by side, of which the worst take over the weights and the parameters
/// of the best (exploit) and move the parameters (explore).</summary>
/// <remarks>
/// Truncation selection as in the paper's section 4.1.1. Two things differ. A member is compared with what the others had after as many steps, not with where they are now, so
/// that those ahead are not taken for better. And numbers are moved by a factor or its inverse, where the paper multiplies by 1.2 or 0.8: moves that are as long in both directions do not drift.
/// </remarks>
/// <param name="settings">See there.</param>
/// <param name="enqueued">Sets of the study file: each begins a member in place of a suggestion.</param>
public sealed class PbtSampler(PbtSettings settings, int enqueued = 0) : ISegmentSampler
{
    private readonly Population _population = new(settings);
    private readonly RandomSampler _random = new();
    private Exploration? _exploration;

    public string Version => "pbt-1";

    public bool Learns => true;

    public long? Size => Math.Max(0, ((long)settings.Members * settings.Turns) - enqueued);

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng) => SuggestSegment(space, history, rng)?.Parameters;

    public SegmentSuggestion? SuggestSegment(SearchSpace space, StudyHistory history, Rng rng)
    {
        if (_population.Next(history) is not { } member)
        {
            return null;
        }

        if (_exploration is null || !ReferenceEquals(_exploration.Space, space))
        {
            _exploration = new Exploration(space, settings);
        }

        if (_population.LastOf(member) is not { } last)
        {
            return Begin();
        }

        var trial = history.Trials[last];
        var segment = trial.Segment!;
        if (trial.State == TrialState.Complete)
        {
            var ranks = _population.After(segment.Last);
            var share = _population.Share(ranks.Count);
            var isAmongWorst = ranks.Skip(ranks.Count - share).Any(r => r.Number == last);
            return isAmongWorst ? TakeOver(segment.Last, share) : GoOn(trial, _exploration.Keep(trial.Parameters, rng));
        }

        // It failed or diverged: among the worst of those that came so far; with nobody there yet it does the steps again, from the best of where it began.
        return _population.After(segment.Last).Count > 0 ? TakeOver(segment.Last, 1)
            : segment.Start > 0 ? TakeOver(segment.Start, 1)
            : Begin();

        SegmentSuggestion Begin() => new(_random.Suggest(space, history, rng), First(member));

        SegmentSuggestion TakeOver(int step, int least)
        {
            var ranks = _population.After(step);
            var parent = history.Trials[ranks[(int)ParameterDraw.Index(rng.NextBits(), Math.Max(least, _population.Share(ranks.Count)))].Number];
            return GoOn(parent, _exploration.Move(parent.Parameters, rng));
        }

        SegmentSuggestion GoOn(HistoryTrial parent, TrialParameters parameters)
        {
            var start = parent.Segment!.Last;
            return new SegmentSuggestion(parameters, new TrialSegment(member, parent.Number, start, Math.Min(start + settings.Interval, settings.Steps)));
        }
    }

    public TrialSegment SegmentOfEnqueued(StudyHistory history) => First(_population.Next(history) ?? 0);

    private TrialSegment First(int member) => new(member, null, 0, Math.Min(settings.Interval, settings.Steps));
}
