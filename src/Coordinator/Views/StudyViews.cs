using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Views;

/// <summary>A trial as <c>tuning trials</c> and the API show it.</summary>
/// <param name="Value">The first objective; null unless complete.</param>
/// <param name="Values">Every objective; empty unless complete.</param>
/// <param name="Violations">By how much a complete trial violates each constraint on metrics, by its text; 0 and below is none. Null in a study without them.</param>
public sealed record TrialView(
    int Number,
    TrialState State,
    double? Value,
    IReadOnlyList<double> Values,
    IReadOnlyDictionary<string, double>? Violations,
    TrialParameters Parameters,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<IntermediateValue> Intermediate,
    int Attempts,
    string? Worker,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? Reason)
{
    /// <summary>Number of the trial that it trained again under another seed; null of a trial of its own.</summary>
    public int? CopyOf { get; init; }

    /// <summary>The part of the steps it trained, as a member of a population; null for all of them.</summary>
    public TrialSegment? Segment { get; init; }
}

/// <summary>The best trial, or one of the best, as <c>tuning best</c> shows it.</summary>
/// <param name="Value">The first objective.</param>
/// <param name="Values">Every objective.</param>
public sealed record BestView(
    string Study, int Number, double Value, IReadOnlyList<double> Values, TrialParameters Parameters, IReadOnlyDictionary<string, double> Metrics, int Attempts, TrialState State)
{
    /// <summary>The values of its copies under other seeds; empty where it was not trained again.</summary>
    public IReadOnlyList<double> Again { get; init; } = [];

    /// <summary>Mean of <see cref="Again"/>.</summary>
    public double Mean => Again.Average();

    /// <summary>Standard deviation of a copy's value, of n − 1; null with one copy.</summary>
    public double? Deviation => Again.Count < 2 ? null : Math.Sqrt(Again.Sum(v => (v - Mean) * (v - Mean)) / (Again.Count - 1));
}

/// <summary>A study as <c>tuning show</c> and the API show it.</summary>
/// <param name="State">running, paused, draining, completed, stopped or failed.</param>
/// <param name="Objectives">Metric and direction of each.</param>
/// <param name="Counts">Every trial state's word, with its number of trials.</param>
/// <param name="Best">The best trial; of several objectives the Pareto front, by the first objective; empty while no trial is usable.</param>
/// <param name="Reason">Why it ended, one sentence; null while it has not.</param>
public sealed record StudyView(
    string Name,
    string Id,
    string State,
    IReadOnlyList<(string Metric, Direction Direction)> Objectives,
    string Strategy,
    long Seed,
    BudgetSpec Budget,
    IReadOnlyDictionary<string, int> Counts,
    IReadOnlyList<BestView> Best,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    TimeSpan Elapsed,
    string? Reason)
{
    /// <summary>Where it started from, and with how many trials; null when it began with nothing.</summary>
    public (WarmStartSpec From, int Trials)? WarmStart { get; init; }
}

/// <summary>What <c>tuning audit</c> proves from the journal.</summary>
/// <param name="Faults">Empty when every promise held.</param>
public sealed record AuditReport(string Study, string Id, long Events, int Trials, IReadOnlyList<string> Checks, IReadOnlyList<string> Faults);
