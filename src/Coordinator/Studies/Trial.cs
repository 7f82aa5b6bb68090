using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>Who runs an attempt.</summary>
public sealed record Lease(string Id, string Worker, string Incarnation);

/// <summary>A trial, folded from its events.</summary>
public sealed record Trial
{
    public required int Number { get; init; }

    public required TrialParameters Parameters { get; init; }

    public bool Enqueued { get; init; }

    /// <summary>Number of the failed trial it runs again; null when it is none's copy.</summary>
    public int? RetryOf { get; init; }

    /// <summary>Number of the trial whose parameters it is trained with under another seed; it counts for no budget and is never the best.</summary>
    public int? CopyOf { get; init; }

    /// <summary>The part of the steps it trains; null for all of them.</summary>
    public TrialSegment? Segment { get; init; }

    public TrialState State { get; init; }

    /// <summary>Attempts started so far; the current one's number while running.</summary>
    public int Attempts { get; init; }

    /// <summary>The first of the attempts that its holder has made without a break: those before ended where the trial was judged, and the same process went on.</summary>
    public int HeldSince { get; init; }

    /// <summary>The current lease while running; the last one afterwards.</summary>
    public Lease? Lease { get; init; }

    /// <summary>Losses of a worker since the trial last got further than before.</summary>
    public int Losses { get; init; }

    /// <summary>The furthest step any attempt is known to have reached.</summary>
    public int ReachedStep { get; init; }

    public int TrainingErrors { get; init; }

    /// <summary>The step at which it was last set aside; 0 when it never was.</summary>
    public int PausedAt { get; init; }

    /// <summary>The first objective; null unless complete.</summary>
    public double? Value { get; init; }

    /// <summary>Every objective; empty unless complete. Follows from the value, the metrics and the specification.</summary>
    public IReadOnlyList<double> Values { get; internal init; } = [];

    /// <summary>By how much it violates each constraint on metrics; empty unless complete. Follows from parameters, metrics and the specification.</summary>
    public IReadOnlyList<double> Violations { get; internal init; } = [];

    /// <summary>Complete, and no constraint on metrics is violated: it may be the best.</summary>
    public bool IsUsable => State == TrialState.Complete && Violations.All(v => v <= 0);

    /// <summary>While it is open, up to <see cref="PausedAt"/>.</summary>
    public IReadOnlyList<IntermediateValue> Curve { get; init; } = [];

    public IReadOnlyDictionary<string, double> Metrics { get; init; } = NoMetrics;

    /// <summary>SHA-256 of the weights, when kept.</summary>
    public string? Model { get; init; }

    /// <summary>SHA-256 of the checkpoint a paused trial goes on from.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Start of the first attempt.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it failed, diverged or was cancelled.</summary>
    public string? Reason { get; init; }

    public static readonly IReadOnlyDictionary<string, double> NoMetrics = new Dictionary<string, double>();
}
