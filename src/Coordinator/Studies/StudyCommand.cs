using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>What is asked of a study. Idempotent: a late or repeated command changes nothing.</summary>
public abstract record StudyCommand;

/// <param name="Id">See <see cref="StudyId"/>.</param>
/// <param name="Spec">Resolved: data hash, task and seed are there.</param>
public sealed record CreateStudy(string Id, StudySpec Spec) : StudyCommand
{
    /// <summary>See <see cref="StudyCreated.Prior"/>.</summary>
    public IReadOnlyList<PriorTrial> Prior { get; init; } = [];
}

/// <summary>A worker said what it holds of this study.</summary>
/// <param name="Beat">With the attempts of this study only.</param>
/// <param name="Local">The worker lives in the coordinator's process: its restart is no loss.</param>
/// <param name="ReplyTo">Where the message came from; opaque here, handed back with the effects that answer it.</param>
public sealed record SeeWorker(WorkerBeat Beat, bool Local, object? ReplyTo = null) : StudyCommand;

/// <summary>How many slots of a worker are this study's: others share it.</summary>
/// <param name="Slots">≥ 0.</param>
public sealed record ShareWorker(string Worker, int Slots) : StudyCommand;

/// <summary>A worker said how an attempt ended.</summary>
/// <param name="ReplyTo">As in <see cref="SeeWorker"/>.</param>
public sealed record TakeOutcome(ReportOutcome Report, object? ReplyTo = null) : StudyCommand;

/// <param name="Enqueued">The user asked for it.</param>
/// <param name="HistorySequence">Sequence number of the history it was drawn from.</param>
public sealed record Suggestion(
    int Number, TrialParameters Parameters, bool Enqueued, long HistorySequence, string Sampler, string SettingsHash)
{
    /// <summary>The part of the steps it trains; null for all of them.</summary>
    public TrialSegment? Segment { get; init; }

    /// <summary>What the journal will hold of it.</summary>
    public TrialSuggested ToEvent() => new(Number, Parameters, Enqueued, HistorySequence, Sampler, SettingsHash) { Segment = Segment };
}

/// <summary>The sampler's answer; those whose numbers are taken are dropped.</summary>
/// <param name="Exhausted">The sampler has no more.</param>
public sealed record TakeSuggestions(IReadOnlyList<Suggestion> Suggestions, bool Exhausted) : StudyCommand
{
    /// <summary>Sequence number of the history they were drawn from: of no use once the space was widened.</summary>
    public long DrawnFrom { get; init; } = long.MaxValue;
}

/// <summary>Time has passed: lapsed leases and the time budget are looked at.</summary>
public sealed record LookAtClock : StudyCommand;

public sealed record PauseStudy(string Reason) : StudyCommand;

public sealed record ResumeStudy : StudyCommand;

/// <summary>Ends the study now; trials in flight are cancelled.</summary>
public sealed record StopStudy : StudyCommand;

/// <summary>The free part of the study file, as it now stands.</summary>
public sealed record ExtendStudy(BudgetSpec Budget, LimitsSpec Limits, ParallelSpec Parallel, RetrySpec Retry) : StudyCommand
{
    /// <summary>The study with its wider space (see <see cref="SpaceWidening"/>); null when the space stays.</summary>
    public StudySpec? Wider { get; init; }
}

/// <summary>Sets of parameters become trials before the strategy is asked again.</summary>
/// <param name="Sets">Partial or whole, inside the space.</param>
public sealed record EnqueueTrials(IReadOnlyList<TrialParameters> Sets) : StudyCommand;

/// <summary>Every failed trial is run again as a new one; those that are already are not.</summary>
public sealed record RetryFailed : StudyCommand;

/// <summary>The study has come to its end and its best trial has been scored on the test part.</summary>
public sealed record FinishStudy(IReadOnlyDictionary<string, double> TestMetrics) : StudyCommand;

/// <summary>What to do once the events are in the journal.</summary>
public abstract record Effect;

/// <summary>Send this worker a lease.</summary>
/// <param name="Incarnation">The process it was given to; a successor must not have it.</param>
/// <param name="Until">The step at which the trial is to be set aside; null to train it to its end.</param>
public sealed record SendRun(string Worker, string Incarnation, AttemptKey Key, TrialParameters Parameters, double? Incumbent, int? Until) : Effect
{
    /// <summary>The part of the steps it trains; null for all of them.</summary>
    public TrialSegment? Segment { get; init; }
}

/// <summary>Nothing will go on from what the trials below a number left.</summary>
/// <param name="Worker">One that may hold it.</param>
public sealed record SendSweep(string Worker, string Study, int Below) : Effect;

/// <param name="ReplyTo">Where to, when it answers a message; else to the worker as last seen.</param>
public sealed record SendStop(string Worker, AttemptKey Key, StopReason Reason, object? ReplyTo = null) : Effect;

/// <param name="ReplyTo">Where the outcome came from.</param>
public sealed record SendAcknowledge(string Worker, AttemptKey Key, object? ReplyTo = null) : Effect;
