using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Cli.Displays;

/// <summary>What a live display shows, collected from the study's thread and read by the drawing one.</summary>
public sealed class RunModel(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, IntermediateValue> _progress = [];
    private readonly List<string> _notes = [];
    private StudyState? _state;
    private long _started;
    private int _doneBefore;

    public void Study(StudyState state, IReadOnlyList<StudyEvent> events)
    {
        lock (_gate)
        {
            if (_state is null)
            {
                _started = time.GetTimestamp();
                _doneBefore = state.Counts.AgainstBudget - events.Count(e => e is TrialCompleted or TrialPruned or TrialFailed or TrialDiverged);
            }

            _state = state;
            foreach (var e in events)
            {
                if (e is TrialEvent trial and not ReportsRecorded)
                {
                    // Started, released or ended: what was reported belongs to an attempt that is over.
                    _progress.Remove(trial.Number);
                }
            }
        }
    }

    public void Progress(int number, IntermediateValue value)
    {
        lock (_gate)
        {
            _progress[number] = value;
        }
    }

    public void Note(string line)
    {
        lock (_gate)
        {
            _notes.Add(line);
        }
    }

    /// <summary>Notes since the last call.</summary>
    public IReadOnlyList<string> TakeNotes()
    {
        lock (_gate)
        {
            if (_notes.Count == 0)
            {
                return [];
            }

            string[] taken = [.. _notes];
            _notes.Clear();
            return taken;
        }
    }

    /// <returns>Null before the study is known.</returns>
    public LiveFrame? Frame(bool unicode)
    {
        lock (_gate)
        {
            if (_state is not { } state)
            {
                return null;
            }

            var running = state.OpenTrials.Where(t => t.State == TrialState.Running)
                .Take(LiveFrame.MostRunning + 1)
                .Select(t => new RunningTrial(t, _progress.TryGetValue(t.Number, out var value) ? value : null))
                .ToList();
            var here = time.GetElapsedTime(_started);
            return new LiveFrame(state, running, state.Elapsed, here, state.Counts.AgainstBudget - _doneBefore, unicode);
        }
    }
}

/// <param name="Last">The last value its current attempt reported.</param>
public sealed record RunningTrial(Trial Trial, IntermediateValue? Last);
