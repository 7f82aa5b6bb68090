using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search;

/// <summary>The trials of a history that were not enqueued, for strategies that number their points. A memo: finished trials are looked at once a
/// lineage.</summary>
internal sealed class SampledTrials
{
    private readonly FinishedTrials _finished = new();
    private long _ended;

    /// <summary>Whether any of those last counted was cancelled.</summary>
    public bool AnyCancelled { get; private set; }

    /// <summary>How many there are, pending ones included.</summary>
    public long Count(StudyHistory history)
    {
        if (!_finished.GoesOn(history))
        {
            (_ended, AnyCancelled) = (0, false);
        }

        foreach (var trial in _finished.Unread(history))
        {
            if (!trial.Enqueued)
            {
                _ended++;
                AnyCancelled |= trial.State == TrialState.Cancelled;
            }
        }

        var open = 0L;
        foreach (var number in history.Open)
        {
            open += history.Trials[number].Enqueued ? 0 : 1;
        }

        return _ended + open;
    }
}
