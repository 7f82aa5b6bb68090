using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Trials;

/// <summary>The objective after a step (an epoch), in the units of the objective's metric.</summary>
/// <param name="Step">From 1.</param>
public readonly record struct IntermediateValue(int Step, double Value);

/// <summary>Why a trial failed, named by what to do next.</summary>
public enum FailureReason
{
    /// <summary>The training raised an error; spends the retry budget.</summary>
    TrainingError,

    /// <summary>Over <c>limits.time</c>; never retried.</summary>
    TimeLimit,

    /// <summary>Over <c>limits.memory</c>; never retried.</summary>
    MemoryLimit,

    /// <summary>Its worker was lost three times without a new checkpoint or value.</summary>
    WorkerLost,

    /// <summary>The data could not be read or does not fit the study.</summary>
    BadData,
}

/// <summary>How one attempt at a trial ended.</summary>
public abstract record TrialOutcome
{
    /// <summary>The whole learning curve of the attempt, by step.</summary>
    public IReadOnlyList<IntermediateValue> Curve { get; init; } = [];

    /// <summary>Every metric known, by the name an objective would use.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Trained to the end.</summary>
    /// <param name="Value">The objective; finite.</param>
    /// <param name="Model">SHA-256 of the weights, when they were kept.</param>
    public sealed record Completed(double Value, string? Model) : TrialOutcome;

    /// <summary>The loss became NaN or infinite.</summary>
    /// <param name="Step">The epoch in which it was noticed, from 1.</param>
    public sealed record Diverged(int Step, string Message) : TrialOutcome;

    public sealed record Failed(FailureReason Reason, string Message) : TrialOutcome;

    /// <summary>Told to stop by the pruner, and stopped.</summary>
    public sealed record Pruned(int Step) : TrialOutcome;

    /// <summary>Trained to the step it was to be set aside at; a checkpoint is kept.</summary>
    public sealed record Paused(int Step) : TrialOutcome;

    /// <summary>Handed back unfinished: the worker drains.</summary>
    public sealed record Released(string Message) : TrialOutcome;
}

/// <summary>What a worker trains.</summary>
/// <param name="Study">The study's id.</param>
/// <param name="Number">The trial's number, from 0.</param>
/// <param name="Seed">The study's seed; the training seed is (Seed, Number).</param>
/// <param name="Incumbent">The best value when the trial was handed out; weights worse than it need not be kept.</param>
/// <param name="Until">The step at which it is to be set aside; null to train to the end.</param>
/// <param name="Segment">The part of the steps it trains; null for all of them.</param>
public sealed record TrialJob(
    string Study, int Number, long Seed, TrialParameters Parameters, double? Incumbent, int? Until = null, TrialSegment? Segment = null)
{
    /// <summary>No attempt went before: there is no checkpoint to look for.</summary>
    public bool IsFirstAttempt { get; init; }
}
