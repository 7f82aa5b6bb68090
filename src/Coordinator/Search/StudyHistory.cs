using System.Collections.ObjectModel;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search;

/// <summary>One trial as a sampler sees it.</summary>
/// <param name="State">Waiting, running and paused trials are pending.</param>
/// <param name="Value">The first objective; finite; null unless complete.</param>
/// <param name="Enqueued">Asked for by the user; a grid does not count it as one of its points.</param>
public sealed record HistoryTrial(int Number, TrialParameters Parameters, TrialState State, double? Value, bool Enqueued)
{
    /// <summary>The objective after each step reported, by step; empty while pending, unless a decision was taken on it.</summary>
    public IReadOnlyList<IntermediateValue> Curve { get; init; } = [];

    /// <summary>Every objective; finite; empty unless complete.</summary>
    public IReadOnlyList<double> Values
    {
        get => field ?? (Value is { } value ? [value] : []);
        init;
    }

    /// <summary>By how much a complete trial violates each constraint on metrics, in its own units: 0 or below when it does not, +∞ when that is not known; empty
    /// when there is none.</summary>
    public IReadOnlyList<double> Violations { get; init; } = [];

    /// <summary>The part of the steps it trains; null for all of them.</summary>
    public TrialSegment? Segment { get; init; }

    /// <summary>Every metric known, by name; empty while pending.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = ReadOnlyDictionary<string, double>.Empty;
}

/// <summary>Everything a strategy may look at: all trials, by number, pending ones included.</summary>
/// <param name="Sequence">The journal sequence number the history was taken at.</param>
/// <param name="Direction">Of the first objective.</param>
public sealed record StudyHistory(long Sequence, Direction Direction, IReadOnlyList<HistoryTrial> Trials)
{
    private readonly IReadOnlyList<int>? _finished;
    private readonly IReadOnlyCollection<int>? _open;

    /// <summary>The number the next suggestion will bear.</summary>
    public int NextNumber => Trials.Count;

    /// <summary>Complete and diverged trials from before the study, in its space, with numbers from −n to −1. They tell of the objective, and are no trials of the study.
    /// The same in all histories of a lineage.</summary>
    public IReadOnlyList<HistoryTrial> Prior { get; init; } = [];

    /// <summary>Number of trials a strategy can learn from, or will be able to: those from before and all of the study.</summary>
    public int Known => Prior.Count + Trials.Count;

    /// <summary>Numbers of the final trials, in the order in which they ended.</summary>
    public IReadOnlyList<int> Finished
    {
        get => _finished ?? [.. Trials.Where(t => t.State.IsFinal()).Select(t => t.Number)];
        init => _finished = value;
    }

    /// <summary>Numbers of the trials that are not final, ascending.</summary>
    public IReadOnlyCollection<int> Open
    {
        get => _open ?? [.. Trials.Where(t => !t.State.IsFinal()).Select(t => t.Number)];
        init => _open = value;
    }

    /// <summary>Of two histories with the same lineage the <see cref="Finished"/> trials of the shorter are the first ones of the longer, outcomes
    /// included: what was computed from those need not be computed again. Null: nothing is known.</summary>
    public object? Lineage { get; init; }

    /// <summary>The direction of every objective.</summary>
    public IReadOnlyList<Direction> Objectives
    {
        get => field ?? [Direction];
        init;
    }

    /// <summary>Trials with numbers below it were drawn from a narrower space: their parameters are to be adopted (<see cref="SearchSpace.Adopt"/>). 0 when the
    /// space is what it was from the beginning.</summary>
    public int Older { get; init; }

    /// <summary><c>budget.trials</c> at the moment; null without.</summary>
    public int? Budget { get; init; }
}
