using TuningCluster.Coordinator.Studies;

namespace TuningCluster.TestKit.Simulation;

/// <summary>Transactions of events: each durable as a whole or not at all, after a while.</summary>
internal sealed class SimulatedJournal(Scene scene)
{
    private readonly List<StudyEvent> _events = [];
    private readonly Stack<int> _starts = [];
    private IReadOnlyList<StudyEvent>? _inFlight;
    private int _writer;
    private TimeSpan _stall;

    public IReadOnlyList<StudyEvent> Events => _events;

    /// <summary>When it last grew.</summary>
    public TimeSpan LastGrowth { get; private set; }

    /// <summary>Lengths of all prefixes that end with a transaction.</summary>
    public IEnumerable<int> Boundaries => _starts.Where(s => s > 0);

    public void StallNextWrite(TimeSpan length) => _stall = length;

    /// <param name="events">One transaction.</param>
    /// <param name="written">Called when it is durable, unless the writer dies first.</param>
    /// <returns>How long it will take.</returns>
    public TimeSpan Write(IReadOnlyList<StudyEvent> events, Action written)
    {
        var rng = scene.Rng;
        var takes = _stall > TimeSpan.Zero ? _stall : rng.Chance(0.03) ? rng.Seconds(0.1, 0.9) : rng.Milliseconds(1, 15);
        _stall = TimeSpan.Zero;
        _inFlight = events;
        var writer = ++_writer;
        scene.Time.After(takes, () =>
        {
            if (writer == _writer && _inFlight is not null)
            {
                Append();
                // Between the commit and the word of it the writer may die.
                scene.Time.After(rng.Milliseconds(0, 3), written);
            }
        });
        return takes;
    }

    /// <summary>The writer is gone: what it was writing is durable or never was.</summary>
    public void LoseWriter()
    {
        if (_inFlight is not null && scene.Rng.Chance(0.5))
        {
            Append();
        }

        _inFlight = null;
        _writer++;
    }

    /// <summary>The last transactions never were.</summary>
    public void CutTail(int transactions)
    {
        while (transactions-- > 0 && _starts.TryPop(out var start))
        {
            _events.RemoveRange(start, _events.Count - start);
        }

        scene.Log?.Add($"journal: cut back to {_events.Count} events");
        scene.Referee.JournalCut(_events);
    }

    private void Append()
    {
        var events = _inFlight!;
        _inFlight = null;
        _starts.Push(_events.Count);
        _events.AddRange(events);
        LastGrowth = scene.Time.Now;
        if (scene.Log is { } log)
        {
            foreach (var e in events)
            {
                log.Add($"journal: {Describe(e)}");
            }
        }

        scene.Referee.Committed(events);
    }

    private static string Describe(StudyEvent e) => e switch
    {
        TrialSuggested s => $"TrialSuggested {s.Number}",
        TrialStarted s => $"TrialStarted {s.Number}.{s.Attempt} lease {s.Lease} on {s.Worker}",
        TrialReleased r => $"TrialReleased {r.Number}.{r.Attempt}: {r.Cause}, {r.Message}",
        TrialCompleted c => $"TrialCompleted {c.Number}.{c.Attempt} = {c.Value}",
        TrialFailed f => $"TrialFailed {f.Number}.{f.Attempt}: {f.Reason}",
        TrialCancelled c => $"TrialCancelled {c.Number}: {c.Reason}",
        TrialEvent t => $"{t.GetType().Name} {t.Number}",
        StudyFinished f => $"StudyFinished: {f.Reason}, best {f.Best}",
        StudyExtended x => $"StudyExtended: {x.Budget}",
        _ => e.GetType().Name,
    };
}
