using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli.Displays;

/// <summary>One picture of a run. Every line is cut to the width: a line that wraps would tear the display apart.</summary>
/// <param name="state">The study.</param>
/// <param name="running">Up to <see cref="MostRunning"/> of them are shown.</param>
/// <param name="elapsed">Running time over all resumes, up to the last event.</param>
/// <param name="here">Time since this process took the study up.</param>
/// <param name="doneHere">Trials ended since.</param>
/// <param name="unicode">Whether the terminal can show more than ASCII.</param>
public sealed class LiveFrame(
    StudyState state, IReadOnlyList<RunningTrial> running, TimeSpan elapsed, TimeSpan here, int doneHere, bool unicode) : Renderable
{
    public const int MostRunning = 8;

    private const int ParameterLines = 3;
    private const int LeastBar = 10;

    private static readonly Style Faint = new(decoration: Decoration.Dim);
    private static readonly Style Strong = new(decoration: Decoration.Bold);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Odd = new(Color.Yellow);

    private string Dot => unicode ? " · " : " - ";

    private string Cut => unicode ? "…" : "~";

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (var line in Lines(maxWidth))
        {
            foreach (var segment in Fit(line, maxWidth))
            {
                yield return segment;
            }

            yield return Segment.LineBreak;
        }
    }

    private IEnumerable<List<Segment>> Lines(int width)
    {
        yield return Head();
        yield return Progress(width);
        foreach (var line in Best(width))
        {
            yield return line;
        }

        yield return Counts();
        foreach (var trial in running.Take(MostRunning))
        {
            yield return Running(trial);
        }

        if (state.RunningCount > MostRunning)
        {
            yield return [new Segment(string.Create(CultureInfo.InvariantCulture, $"  and {state.RunningCount - MostRunning} more"), Faint)];
        }
    }

    private List<Segment> Head()
    {
        var spec = state.Spec;
        var facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{Dot}{spec.Strategy.Name}{Dot}seed {spec.Strategy.Seed}{Dot}{string.Join(", ", spec.Objectives.Select(o => $"{Words.Of(o.Direction)} {o.Metric}"))}{Dot}{Numbers.Short(Total)}");
        return [new Segment(spec.Name, Strong), new Segment(facts, Faint)];
    }

    // Events carry the running time; between two of them this process's own clock goes on.
    private TimeSpan Total => elapsed > here ? elapsed : here;

    private List<Segment> Progress(int width)
    {
        var done = state.Counts.AgainstBudget;
        var total = TrialTotal.Of(state);
        var rate = here > TimeSpan.Zero ? doneHere / here.TotalSeconds : 0;
        var words = string.Create(CultureInfo.InvariantCulture, $"{done}{(total is null ? " trials" : $"/{total}")}");
        if (doneHere > 0)
        {
            words += $"{Dot}{Rate(rate)}";
            if (total > done)
            {
                words += $"{Dot}{Numbers.Short(TimeSpan.FromSeconds(Math.Min((total.Value - done) / rate, TimeSpan.FromDays(9999).TotalSeconds)))} left";
            }
        }

        if (total is null)
        {
            return [new Segment(words)];
        }

        var room = Math.Max(LeastBar, width - words.Length - 2);
        var full = total == 0 ? room : (int)Math.Clamp(room * done / total.Value, 0, room);
        return
        [
            new Segment(new string(unicode ? '━' : '#', full), Good), new Segment(new string(unicode ? '─' : '-', room - full), Faint), new Segment("  " + words),
        ];
    }

    private static string Rate(double perSecond) => perSecond >= 0.5
        ? string.Create(CultureInfo.InvariantCulture, $"{Numbers.Short(perSecond)} trials/s")
        : string.Create(CultureInfo.InvariantCulture, $"{Numbers.Short(perSecond * 60)} trials/min");

    private IEnumerable<List<Segment>> Best(int width)
    {
        const string indent = "      ";
        if (state.BestTrial is not { Value: { } value } best)
        {
            yield return [new Segment("best  none yet", Faint)];
            yield break;
        }

        if (state.Spec.FurtherObjectives.Count > 0)
        {
            var front = TrialWorth.Front(state);
            yield return [new Segment("front "), new Segment(string.Create(CultureInfo.InvariantCulture, $"{front.Count} trials"), Good)];
            yield break;
        }

        yield return
        [
            new Segment("best  "), new Segment(Numbers.Short(value), Good), new Segment(string.Create(CultureInfo.InvariantCulture, $" (trial {best.Number})"), Faint),
        ];
        foreach (var line in Wrap(best.Parameters.Select(p => $"{p.Key}={Numbers.Short(p.Value)}"), width - indent.Length).Take(ParameterLines))
        {
            yield return [new Segment(indent + line)];
        }
    }

    private static IEnumerable<string> Wrap(IEnumerable<string> words, int width)
    {
        var line = "";
        foreach (var word in words)
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line += line.Length == 0 ? word : " " + word;
        }

        if (line.Length > 0)
        {
            yield return line;
        }
    }

    private List<Segment> Counts()
    {
        var counts = state.Counts;
        List<Segment> line = [new Segment("done  "), new Segment($"{counts.Complete} complete", Good)];
        Add(counts.Pruned, "pruned", Style.Plain);
        Add(counts.Diverged, "diverged", Odd);
        Add(counts.Failed, "failed", Bad);
        Add(counts.Cancelled, "cancelled", Faint);
        return line;

        void Add(int count, string word, Style style)
        {
            if (count > 0)
            {
                line.Add(new Segment(Dot, Faint));
                line.Add(new Segment(string.Create(CultureInfo.InvariantCulture, $"{count} {word}"), style));
            }
        }
    }

    private List<Segment> Running(RunningTrial running)
    {
        var trial = running.Trial;
        var number = string.Create(CultureInfo.InvariantCulture, $"  trial {trial.Number}").PadRight(13);
        var step = (running.Last is { } last ? string.Create(CultureInfo.InvariantCulture, $"{last.Step}{(Epochs(trial) is { } all ? $"/{all}" : "")}") : "starts").PadRight(9);
        var value = (running.Last is { } at ? Numbers.Short(at.Value) : "").PadRight(10);
        return [new Segment(number), new Segment(step, Faint), new Segment(value), new Segment(Numbers.Short(trial.Parameters), Faint)];
    }

    private long? Epochs(Trial trial) =>
        state.Spec.Objective.Kind == ObjectiveKind.Network
        && ModelSettings.Find("epochs") is not null
        && ModelSettings.Resolve("epochs", state.Spec, trial.Parameters) is { IsNumber: true } epochs
            ? (long)epochs.AsDouble()
            : null;

    private IEnumerable<Segment> Fit(List<Segment> line, int width)
    {
        var left = width;
        foreach (var segment in line)
        {
            if (segment.Text.Length <= left)
            {
                left -= segment.Text.Length;
                yield return segment;
                continue;
            }

            if (left > 0)
            {
                yield return new Segment(segment.Text[..(left - 1)] + Cut, segment.Style);
            }

            yield break;
        }
    }
}
