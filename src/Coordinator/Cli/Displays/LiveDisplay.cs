using Spectre.Console;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Cli.Displays;

/// <summary>A picture of the run that is drawn over again in place, at most ten times a second.</summary>
public sealed class LiveDisplay : RunDisplay
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console;
    private readonly RunModel _model;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _drawing;

    public LiveDisplay(IAnsiConsole console, TimeProvider time)
    {
        _console = console;
        _time = time;
        _model = new RunModel(time);
        // On a thread of its own from the start: the way to the first trial does not wait for a picture.
        _drawing = Task.Run(Draw);
    }

    public static IAnsiConsole ConsoleOf(Terminal terminal) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(terminal.Error),
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
        ColorSystem = terminal.Color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });

    public override void OnStudy(StudyState state, IReadOnlyList<StudyEvent> newEvents) => _model.Study(state, newEvents);

    public override void OnProgress(int number, int attempt, IntermediateValue value) => _model.Progress(number, value);

    public override void OnNote(string line) => _model.Note(line);

    public override void Abandon() => _console.Cursor.Show();

    public override async ValueTask DisposeAsync()
    {
        if (!_end.IsCancellationRequested)
        {
            await _end.CancelAsync().ConfigureAwait(false);
            await _drawing.ConfigureAwait(false);
            TellNotes();
        }
    }

    private async Task Draw()
    {
        // Cleared at the end: what stays is the report.
        await _console.Live(new Text("")).AutoClear(true).StartAsync(async live =>
        {
            while (!_end.IsCancellationRequested)
            {
                TellNotes();
                if (_model.Frame(_console.Profile.Capabilities.Unicode) is { } frame)
                {
                    live.UpdateTarget(frame);
                }

                await Task.Delay(Pause, _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }).ConfigureAwait(false);
    }

    // Above the picture, where they stay.
    private void TellNotes()
    {
        foreach (var note in _model.TakeNotes())
        {
            _console.WriteLine(note);
        }
    }
}
