using System.Globalization;
using System.Text;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Cli.Displays;

/// <summary>What a run says at its end: the best trial, what it cost, where it lies, what to type next.</summary>
internal static class FinalReport
{
    public static string Write(RunRequest request, RunResult result, BestView best)
    {
        var state = result.State;
        var spec = state.Spec;
        var text = new StringBuilder();
        var reason = state.FinishReason is { } why ? StudyViewBuilder.Sentence(why, spec) : "";
        text.Append(CultureInfo.InvariantCulture, $"Study {spec.Name} {(result.AlreadyFinished ? "was finished before" : StudyViewBuilder.StateWord(state))}. {reason}\n\n");
        Row("best", string.Create(CultureInfo.InvariantCulture, $"trial {best.Number}"));
        Row("value", $"{Numbers.Short(best.Value)} ({spec.Objective.Metric}, {spec.Objective.Direction.ToString().ToLowerInvariant()})");
        if (state.TestMetrics.Count > 0)
        {
            Row("test", string.Join(", ", state.TestMetrics.Select(m => $"{m.Key} {Numbers.Short(m.Value)}")));
        }

        var width = best.Parameters.Keys.Select(k => k.Length).DefaultIfEmpty().Max();
        var title = "with";
        foreach (var (name, value) in best.Parameters)
        {
            Row(title, $"{name.PadRight(width)}  {Numbers.Short(value)}");
            title = "";
        }

        text.Append('\n');
        Row("trials", $"{Counts(state.Counts)} in {Numbers.Short(state.Elapsed)}");
        Row("results", state.BestTrial?.Model is { } model ? $"{Place(result)} (weights: blob {model[..Math.Min(12, model.Length)]})" : Place(result));
        text.Append('\n');
        Row("next", $"tuning trials {spec.Name}{Store(request)}");
        Row("", $"tuning best {spec.Name} -o json{Store(request)}");
        Row("", $"tuning run {CommandText.Quote(request.FileName)} --trials {More(state)}{Store(request)}");
        return text.ToString().TrimEnd('\n');

        void Row(string name, string value) => text.Append(name.PadRight(9)).Append(value).Append('\n');
    }

    /// <summary>Why a finished study has no usable trial, in one line.</summary>
    public static string WhyNone(StudyState state)
    {
        var why = state.Trials.FirstOrDefault(t => t.State is TrialState.Failed or TrialState.Diverged && t.Reason is not null);
        return state.Counts.AgainstBudget == 0
            ? "no trial was run to its end."
            : $"{Counts(state.Counts)}{(why is null ? "" : $"; trial {why.Number}: {why.Reason?.TrimEnd('.')}")}. 'tuning trials {state.Spec.Name}' shows them all.";
    }

    /// <summary>Those that are not zero: <c>57 complete, 2 pruned</c>.</summary>
    public static string Counts(TrialCounts counts) => string.Join(
        ", ",
        Enum.GetValues<TrialState>().Where(s => s.IsFinal() && counts.Of(s) > 0).Select(s => string.Create(CultureInfo.InvariantCulture, $"{counts.Of(s)} {s.Word()}")));

    private static string Store(RunRequest request) => request.Storage is { } url ? $" --storage {CommandText.Quote(url)}" : "";

    private static long More(StudyState state) => 2L * Math.Max(state.Spec.Budget.Trials ?? 0, state.Counts.AgainstBudget);

    // A place below the working directory is told as the user would type it.
    private static string Place(RunResult result)
    {
        if (!Path.IsPathFullyQualified(result.StoreDirectory))
        {
            return result.StoreDirectory;
        }

        var relative = Path.GetRelativePath(Environment.CurrentDirectory, result.StoreDirectory);
        return relative.StartsWith("..", StringComparison.Ordinal) ? result.StoreDirectory : relative;
    }
}
