using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search;

/// <summary>The trials of a history that were not enqueued, for strategies that number their points. A memo: finished trials are looked at once a
/// lineage.</summary>
internal sealed class SampledTrials
{
    private object? _lineage;
    private int _read;
    private long _finished;

    /// <summary>Whether any of those last counted was cancelled.</summary>
    public bool AnyCancelled { get; private set; }

    /// <summary>How many there are, pending ones included.</summary>
    public long Count(StudyHistory history)
    {
        var finished = history.Finished;
        if (history.Lineage is null || !ReferenceEquals(history.Lineage, _lineage) || finished.Count < _read)
        {
            (_lineage, _read, _finished, AnyCancelled) = (history.Lineage, 0, 0, false);
        }

        for (; _read < finished.Count; _read++)
        {
            var trial = history.Trials[finished[_read]];
            if (!trial.Enqueued)
            {
                _finished++;
                AnyCancelled |= trial.State == TrialState.Cancelled;
            }
        }

        var open = 0L;
        foreach (var number in history.Open)
        {
            open += history.Trials[number].Enqueued ? 0 : 1;
        }

        return _finished + open;
    }
}
