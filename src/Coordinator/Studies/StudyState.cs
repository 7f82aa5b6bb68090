using System.Collections.Immutable;
using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

public enum StudyPhase
{
    Running,

    /// <summary>Hands out no trials; those that run go on.</summary>
    Paused,
    Finished,
}

/// <summary>Number of finished trials by state.</summary>
public sealed record TrialCounts(int Complete, int Pruned, int Failed, int Diverged, int Cancelled)
{
    /// <summary>Failed trials that are run again: they count no more.</summary>
    public int Retried { get; init; }

    /// <summary>Copies that ended by themselves, failed ones aside: they count for nothing.</summary>
    public int Copies { get; init; }

    /// <summary>Copies that failed.</summary>
    public int FailedCopies { get; init; }

    /// <summary>Those that use up <c>budget.trials</c>.</summary>
    public int AgainstBudget => Complete + Pruned + AgainstFailures + Diverged - Copies;

    /// <summary>Those that use up <c>budget.failures</c>.</summary>
    public int AgainstFailures => Failed - Retried - FailedCopies;

    public int Of(TrialState state) => state switch
    {
        TrialState.Complete => Complete,
        TrialState.Pruned => Pruned,
        TrialState.Failed => Failed,
        TrialState.Diverged => Diverged,
        TrialState.Cancelled => Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a final state."),
    };

    internal TrialCounts Add(Trial trial) => trial.CopyOf is null || trial.State == TrialState.Cancelled ? Add(trial.State)
        : trial.State == TrialState.Failed ? Add(trial.State) with { FailedCopies = FailedCopies + 1 }
        : Add(trial.State) with { Copies = Copies + 1 };

    private TrialCounts Add(TrialState state) => state switch
    {
        TrialState.Complete => this with { Complete = Complete + 1 },
        TrialState.Pruned => this with { Pruned = Pruned + 1 },
        TrialState.Failed => this with { Failed = Failed + 1 },
        TrialState.Diverged => this with { Diverged = Diverged + 1 },
        TrialState.Cancelled => this with { Cancelled = Cancelled + 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a final state."),
    };
}

/// <summary>A set of parameters that waits to become a trial.</summary>
/// <param name="RetryOf">See <see cref="TrialEnqueued.RetryOf"/>.</param>
public sealed record QueuedTrial(TrialParameters Parameters, int? RetryOf = null);

/// <summary>A study, folded from its journal. Immutable: a decision may look at it from any thread.</summary>
public sealed record StudyState
{
    public required string Id { get; init; }

    public required StudySpec Spec { get; init; }

    public StudyPhase Phase { get; init; }

    /// <summary>Set once finished.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>Every trial, by number.</summary>
    public ImmutableList<Trial> Trials { get; init; } = [];

    /// <summary>Trials from before the study, final, with numbers from −n to −1: the strategy learns from them, and nothing else looks at them.</summary>
    public IReadOnlyList<Trial> Prior { get; init; } = [];

    /// <summary>Numbers of the trials that are not final.</summary>
    public ImmutableSortedSet<int> Open { get; init; } = [];

    /// <summary>Numbers of the final trials, in journal order.</summary>
    public ImmutableList<int> Finished { get; init; } = [];

    public TrialCounts Counts { get; init; } = new(0, 0, 0, 0, 0);

    /// <summary>Suggestions of the sampler that were not cancelled: what counts against its size.</summary>
    public int Sampled { get; init; }

    /// <summary>Number of the usable trial that is best in the first objective; of equals the one with the lowest number.</summary>
    public int? Best { get; init; }

    /// <summary>Trials finished since the best one (cancelled ones aside).</summary>
    public int SinceBest { get; init; }

    /// <summary>Sets the user asked for that are not trials yet.</summary>
    public ImmutableList<QueuedTrial> Enqueued { get; init; } = [];

    /// <summary>Why the study is over, and the best trials, which are trained again; null while it is not over, or nothing is.</summary>
    public Reevaluation? Reevaluation { get; init; }

    /// <summary>Numbers of the failed trials that are run again. One whose copy is cancelled counts as failed again.</summary>
    public ImmutableSortedSet<int> Retried { get; init; } = [];

    /// <summary>Sequence number of the event that widened the space last; 0 when none has. What was drawn from an earlier history is drawn from another space.</summary>
    public long WidenedAt { get; init; }

    /// <summary>See <see cref="StudyHistory.Older"/>.</summary>
    public int Older { get; init; }

    /// <summary>Events folded in: the journal's sequence number.</summary>
    public long Sequence { get; init; }

    /// <summary>Running time up to the last event.</summary>
    public TimeSpan Elapsed { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The best trial's weights on the test part; empty until finished.</summary>
    public IReadOnlyDictionary<string, double> TestMetrics { get; init; } = Trial.NoMetrics;

    /// <summary>Ids of the blocks that hold the first <c>Blocks.Count × 4,096</c> of <see cref="Finished"/>. A memo for snapshots, not an event.</summary>
    public ImmutableList<string> Blocks { get; init; } = [];

    /// <summary>Copies among <see cref="Open"/>.</summary>
    public int OpenCopies => Spec.Reevaluate is null ? 0 : Open.Count(number => Trials[number].CopyOf is not null);

    /// <summary>Open trials that are nobody's copies: what budget and rules are about.</summary>
    public IEnumerable<Trial> OpenOwn => OpenTrials.Where(t => t.CopyOf is null);

    /// <summary>Number of <see cref="OpenOwn"/>.</summary>
    public int OpenOwnCount => Open.Count - OpenCopies;

    public Trial? BestTrial => Best is { } number ? Trials[number] : null;

    public IEnumerable<Trial> OpenTrials => Open.Select(number => Trials[number]);

    public int WaitingCount => Open.Count(number => Trials[number].State == TrialState.Waiting);

    public int RunningCount => Open.Count(number => Trials[number].State == TrialState.Running);

    public int PausedCount => Open.Count(number => Trials[number].State == TrialState.Paused);

    /// <summary>What a sampler may look at; maps on access, copies nothing.</summary>
    public StudyHistory History => new(Sequence, Spec.Objective.Direction, new HistoryView(Trials))
    {
        Prior = new HistoryView(Prior),
        Finished = Finished,
        Open = Open,
        Lineage = Lineage,
        Objectives = [.. Spec.Objectives.Select(o => o.Direction)],
        Budget = Spec.Budget.Trials,
        Older = Older,
    };

    /// <summary>What trial <paramref name="number"/> may look at: everything, or in a strict study what does not depend on who finished first.</summary>
    public StudyHistory HistoryFor(int number) =>
        Spec.Reproducible.Window is { } window ? StrictHistory.Of(History, StrictLineage, number, window) : History;

    /// <summary>The trials in number order; moves in strict studies only. Follows from the other properties.</summary>
    public NumberOrder InOrder { get; init; } = NumberOrder.Start;

    internal object StrictLineage { get; init; } = new();

    /// <summary>See <see cref="StudyHistory.Lineage"/>: one object for a fold of the journal, shared by the states it goes through.</summary>
    internal object Lineage { get; init; } = new();

    private sealed class HistoryView(IReadOnlyList<Trial> trials) : IReadOnlyList<HistoryTrial>
    {
        public int Count => trials.Count;

        public HistoryTrial this[int index] => Map(trials[index]);

        public IEnumerator<HistoryTrial> GetEnumerator() => trials.Select(Map).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        private static HistoryTrial Map(Trial t) => new(t.Number, t.Parameters, t.State, t.Value, t.Enqueued)
        {
            Curve = t.Curve,
            Metrics = t.Metrics,
            Values = t.Values,
            Violations = t.Violations,
            Segment = t.Segment,
        };
    }
}
