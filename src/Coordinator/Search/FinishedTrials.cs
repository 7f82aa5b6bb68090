namespace TuningCluster.Coordinator.Search;

/// <summary>How far a memo of the finished trials has come: each trial is read once a lineage.</summary>
internal sealed class FinishedTrials
{
    private object? _lineage;
    private int _read;

    /// <summary>Whether the trials read so far are the first ones of this history too. When they are not, all are to be read anew, and what was made of
    /// them is to be forgotten.</summary>
    public bool GoesOn(StudyHistory history)
    {
        var goesOn = history.Lineage is not null && ReferenceEquals(history.Lineage, _lineage) && history.Finished.Count >= _read;
        if (!goesOn)
        {
            (_lineage, _read) = (history.Lineage, 0);
        }

        return goesOn;
    }

    /// <summary>Those not read yet, in the order in which they ended.</summary>
    /// <param name="history">One that <see cref="GoesOn"/> was asked about last.</param>
    public IEnumerable<HistoryTrial> Unread(StudyHistory history)
    {
        var finished = history.Finished;
        for (; _read < finished.Count; _read++)
        {
            yield return history.Trials[finished[_read]];
        }
    }
}
