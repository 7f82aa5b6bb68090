namespace TuningCluster.Coordinator.Search.Quasirandom;

/// <summary>Counts the trials of a history that were not enqueued. A memo: finished trials are counted once a lineage.</summary>
internal sealed class SampledTrials
{
    private object? _lineage;
    private int _read;
    private long _finished;

    public long Count(StudyHistory history)
    {
        var finished = history.Finished;
        if (history.Lineage is null || !ReferenceEquals(history.Lineage, _lineage) || finished.Count < _read)
        {
            (_lineage, _read, _finished) = (history.Lineage, 0, 0);
        }

        for (; _read < finished.Count; _read++)
        {
            _finished += history.Trials[finished[_read]].Enqueued ? 0 : 1;
        }

        var open = 0L;
        foreach (var number in history.Open)
        {
            open += history.Trials[number].Enqueued ? 0 : 1;
        }

        return _finished + open;
    }
}
