using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>What happened to a study. The journal holds these and nothing else; replay looks nothing up.</summary>
public abstract record StudyEvent
{
    /// <summary>When it was decided, coordinator's wall clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Running time of the study so far, over all resumes.</summary>
    public TimeSpan Elapsed { get; init; }
}

/// <summary>An event of one trial.</summary>
public abstract record TrialEvent(int Number) : StudyEvent;

/// <param name="Id">Internal id: <c>name.instance.random</c>.</param>
/// <param name="Spec">With every default resolved, the data's hash and task, and the seed drawn.</param>
public sealed record StudyCreated(string Id, StudySpec Spec) : StudyEvent
{
    /// <summary>What <see cref="StudySpec.WarmStart"/> gave.</summary>
    public IReadOnlyList<PriorTrial> Prior { get; init; } = [];
}

/// <summary>A trial from before the study, in its space.</summary>
/// <param name="Value">The first objective; finite; null when it diverged.</param>
/// <param name="Metrics">Those that further objectives and constraints are about.</param>
public sealed record PriorTrial(TrialParameters Parameters, double? Value, IReadOnlyDictionary<string, double> Metrics);

/// <param name="HistorySequence">Journal sequence number of the history it was drawn from.</param>
/// <param name="Sampler">Name and version of the sampler; <c>enqueue</c> for sets the user asked for.</param>
/// <param name="SettingsHash">First 16 hexadecimal digits of the SHA-256 of the strategy's settings and the space.</param>
public sealed record TrialSuggested(int Number, TrialParameters Parameters, bool Enqueued, long HistorySequence, string Sampler, string SettingsHash)
    : TrialEvent(Number)
{
    /// <summary>The part of the steps it trains; null for all of them.</summary>
    public TrialSegment? Segment { get; init; }

    /// <summary>Number of the trial whose parameters these are, to be trained under another seed; null of a trial of its own.</summary>
    public int? CopyOf { get; init; }
}

/// <summary>The lease, persisted before the worker hears of it.</summary>
public sealed record TrialStarted(int Number, int Attempt, string Lease, string Worker, string Incarnation) : TrialEvent(Number);

/// <summary>Intermediate values that a decision was taken on.</summary>
public sealed record ReportsRecorded(int Number, int Attempt, IReadOnlyList<IntermediateValue> Values) : TrialEvent(Number);

/// <param name="Model">SHA-256 of the weights, when kept.</param>
public sealed record TrialCompleted(
    int Number, int Attempt, double Value, IReadOnlyList<IntermediateValue> Curve, IReadOnlyDictionary<string, double> Metrics, string? Model)
    : TrialEvent(Number);

public sealed record TrialPruned(
    int Number, int Attempt, int Step, IReadOnlyList<IntermediateValue> Curve, IReadOnlyDictionary<string, double> Metrics) : TrialEvent(Number);

/// <param name="Checkpoint">SHA-256 of the checkpoint it goes on from.</param>
public sealed record TrialPaused(int Number, int Attempt, int Step, string Checkpoint, IReadOnlyList<IntermediateValue> Curve) : TrialEvent(Number);

/// <param name="Attempt">0 when it never started.</param>
public sealed record TrialFailed(
    int Number, int Attempt, FailureReason Reason, string Message, IReadOnlyList<IntermediateValue> Curve, IReadOnlyDictionary<string, double> Metrics)
    : TrialEvent(Number);

public sealed record TrialDiverged(
    int Number, int Attempt, int Step, string Message, IReadOnlyList<IntermediateValue> Curve, IReadOnlyDictionary<string, double> Metrics)
    : TrialEvent(Number);

public sealed record TrialCancelled(int Number, string Reason) : TrialEvent(Number);

/// <summary>Why an attempt ended without an outcome.</summary>
public enum ReleaseCause
{
    /// <summary>Its worker fell silent or came back as a new process. Three without progress end the trial.</summary>
    WorkerLost,

    /// <summary>The local run was started again. Free.</summary>
    LocalRestart,

    /// <summary>The worker handed it back. Free.</summary>
    Drained,

    /// <summary>The training raised an error. Spends the retry budget.</summary>
    TrainingError,
}

/// <param name="Step">The last step the attempt was known to have reached; progress beyond earlier attempts forgives losses.</param>
public sealed record TrialReleased(int Number, int Attempt, ReleaseCause Cause, int Step, string Message) : TrialEvent(Number);

/// <summary>The user asked for these parameters; what is missing is sampled.</summary>
public sealed record TrialEnqueued(TrialParameters Parameters) : StudyEvent
{
    /// <summary>Number of the failed trial whose parameters these are: it counts no more, and a finished study goes on. Null when the user gave them.</summary>
    public int? RetryOf { get; init; }
}

public sealed record StudyPaused(string Reason) : StudyEvent;

public sealed record StudyResumed : StudyEvent;

/// <summary>The free part of the study file changed.</summary>
public sealed record StudyExtended(BudgetSpec Budget, LimitsSpec Limits, ParallelSpec Parallel, RetrySpec Retry) : StudyEvent;

/// <summary>The space was made wider: every trial so far keeps its place in it. A finished study goes on.</summary>
/// <param name="Spec">The study with the wider space.</param>
public sealed record SpaceWidened(StudySpec Spec) : StudyEvent;

/// <summary>Why a study ended.</summary>
public enum FinishReason
{
    /// <summary><c>budget.trials</c> are done.</summary>
    TrialsDone,

    /// <summary>The strategy has no more points.</summary>
    SpaceExhausted,
    TargetReached,
    TimeSpent,
    PatienceSpent,
    TooManyFailures,

    /// <summary>The user stopped it.</summary>
    Stopped,
}

/// <summary>The study is over but for the best trials being trained again: copies of them follow.</summary>
/// <param name="Reason">Why it is over.</param>
/// <param name="Trials">Numbers of the best trials, the best first.</param>
public sealed record ReevaluationBegun(FinishReason Reason, IReadOnlyList<int> Trials) : StudyEvent;

/// <param name="Best">Number of the best trial; null when none is complete.</param>
/// <param name="TestMetrics">The best trial's weights on the test part; empty when there is none.</param>
public sealed record StudyFinished(FinishReason Reason, int? Best, IReadOnlyDictionary<string, double> TestMetrics) : StudyEvent;
