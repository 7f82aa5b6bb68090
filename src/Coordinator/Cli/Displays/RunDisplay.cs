using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Cli.Displays;

/// <summary>Shows a run on stderr while it lasts.</summary>
public abstract class RunDisplay : IRunObserver, IAsyncDisposable
{
    /// <summary>Live on a terminal, plain lines elsewhere.</summary>
    public static RunDisplay Create(Terminal terminal, TimeProvider time) =>
        terminal.ErrorIsTerminal ? new LiveDisplay(LiveDisplay.ConsoleOf(terminal), time) : new PlainDisplay(terminal.Error);

    public abstract void OnStudy(StudyState state, IReadOnlyList<StudyEvent> newEvents);

    public abstract void OnProgress(int number, int attempt, IntermediateValue value);

    public abstract void OnNote(string line);

    /// <summary>The process is about to end in the middle: leave the terminal usable.</summary>
    public virtual void Abandon()
    {
    }

    /// <summary>Takes the display away; calls after the first do nothing.</summary>
    public abstract ValueTask DisposeAsync();
}
