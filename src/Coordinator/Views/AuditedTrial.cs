using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Views;

/// <summary>One trial as the audit follows it through the journal.</summary>
internal sealed class AuditedTrial(int number, TrialParameters parameters, bool enqueued)
{
    public int Number { get; } = number;

    public TrialParameters Parameters { get; } = parameters;

    public bool Enqueued { get; } = enqueued;

    /// <summary>The failed trial it runs again.</summary>
    public int? RetryOf { get; init; }

    /// <summary>The trial it trains again under another seed.</summary>
    public int? CopyOf { get; init; }

    /// <summary>The part of the steps it trains; null for all of them.</summary>
    public TrialSegment? Segment { get; init; }

    /// <summary>The last attempt started; 0 before the first.</summary>
    public int Attempt { get; private set; }

    /// <summary>A worker holds <see cref="Attempt"/>.</summary>
    public bool Leased { get; private set; }

    public bool Paused { get; private set; }

    /// <summary>Word of its outcome; null while it has none.</summary>
    public string? Outcome { get; private set; }

    public double? Value { get; private set; }

    /// <summary>Of its outcome.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; private set; } = Trial.NoMetrics;

    public bool Cancelled => Outcome == "cancelled";

    public bool CountsAgainstBudget => Outcome is not null && !Cancelled;

    private ReleaseCause? Release { get; set; }

    /// <summary>What is wrong with <paramref name="e"/>; null when it fits.</summary>
    public string? Read(TrialEvent e)
    {
        if (Outcome is not null)
        {
            return $"{Name(e)} after its outcome ({Outcome})";
        }

        var fault = e switch
        {
            TrialStarted started => Leased ? $"attempt {started.Attempt} started while attempt {Attempt} was still leased"
                : started.Attempt != Attempt + 1 ? $"attempt {started.Attempt} started after attempt {Attempt}"
                : null,
            ReportsRecorded recorded => Current(recorded.Attempt) ? null : Stray(e, recorded.Attempt),
            TrialReleased released => Leased && released.Attempt == Attempt ? null : Stray(e, released.Attempt),
            TrialPaused paused => Leased && paused.Attempt == Attempt ? null : Stray(e, paused.Attempt),
            TrialCompleted completed => Current(completed.Attempt) ? null : Stray(e, completed.Attempt),
            TrialPruned pruned => Current(pruned.Attempt) || (Paused && pruned.Attempt == Attempt) ? null : Stray(e, pruned.Attempt),
            TrialDiverged diverged => Current(diverged.Attempt) ? null : Stray(e, diverged.Attempt),
            // The coordinator itself fails a trial between attempts: out of retries, lost too often, never startable.
            TrialFailed failed => failed.Attempt == Attempt ? null : Stray(e, failed.Attempt),
            _ => null,
        };
        Follow(e);
        return fault;
    }

    // The outcome of an attempt whose worker fell silent counts until the next attempt is started.
    private bool Current(int attempt) => attempt == Attempt && (Leased || Release == ReleaseCause.WorkerLost);

    private string Stray(TrialEvent e, int attempt) =>
        $"{Name(e)} of attempt {attempt}, but {(Leased ? $"attempt {Attempt} is leased" : Attempt == 0 ? "it never started" : $"attempt {Attempt} is over")}";

    private void Follow(TrialEvent e)
    {
        switch (e)
        {
            case TrialStarted started:
                (Attempt, Leased, Paused, Release) = (started.Attempt, true, false, null);
                break;
            case TrialReleased released:
                (Leased, Release) = (false, released.Cause);
                break;
            case TrialPaused:
                (Leased, Paused) = (false, true);
                break;
            case TrialCompleted completed:
                (Value, Metrics) = (completed.Value, completed.Metrics);
                End("complete");
                break;
            case TrialPruned:
                End("pruned");
                break;
            case TrialFailed:
                End("failed");
                break;
            case TrialDiverged:
                End("diverged");
                break;
            case TrialCancelled:
                End("cancelled");
                break;
        }
    }

    private void End(string outcome) => (Outcome, Leased, Paused) = (outcome, false, false);

    private static string Name(TrialEvent e) => e.GetType().Name;
}
