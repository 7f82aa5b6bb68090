using System.Globalization;
using System.Text;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Cli.Displays;

/// <summary>What a run says at its end: the best trial, what it cost, where it lies, what to type next.</summary>
internal static class FinalReport
{
    /// <summary>Rows of a front that are shown.</summary>
    private const int MostOfFront = 10;

    /// <param name="best">The best trial, or the front; not empty.</param>
    public static string Write(RunRequest request, RunResult result, IReadOnlyList<BestView> best, DataPrinter printer)
    {
        var state = result.State;
        var spec = state.Spec;
        var text = new StringBuilder();
        var reason = state.FinishReason is { } why ? StudyViewBuilder.Sentence(why, spec) : "";
        text.Append(CultureInfo.InvariantCulture, $"Study {spec.Name} {(result.AlreadyFinished ? "was finished before" : StudyViewBuilder.StateWord(state))}. {reason}\n\n");
        if (spec.FurtherObjectives.Count > 0)
        {
            Row("front", string.Create(CultureInfo.InvariantCulture, $"{best.Count} trial{(best.Count == 1 ? "" : "s")} that no other one beats{(best.Count > MostOfFront ? $"; the first {MostOfFront}" : "")}"));
            text.Append(FrontTable.Write([.. spec.Objectives.Select(o => o.Metric)], best.Take(MostOfFront), printer)).Append('\n');
            Test();
        }
        else
        {
            Row("best", string.Create(CultureInfo.InvariantCulture, $"trial {best[0].Number}"));
            Row("value", $"{Numbers.Short(best[0].Value)} ({spec.Objective.Metric}, {Words.Of(spec.Objective.Direction)})");
            if (best[0].Again.Count > 0)
            {
                Row("again", BestCommand.Again(best[0]));
            }

            Test();
            var width = best[0].Parameters.Keys.Select(k => k.Length).DefaultIfEmpty().Max();
            var title = "with";
            foreach (var (name, value) in best[0].Parameters)
            {
                Row(title, $"{name.PadRight(width)}  {Numbers.Short(value)}");
                title = "";
            }
        }

        text.Append('\n');
        Row("trials", $"{Counts(state.Counts)} in {Numbers.Short(state.Elapsed)}");
        Row("results", state.BestTrial?.Model is { } model ? $"{Place(result)} (weights: blob {model[..Math.Min(12, model.Length)]})" : Place(result));
        text.Append('\n');
        Row("next", $"tuning trials {spec.Name}{Store(request)}");
        Row("", $"tuning best {spec.Name} -o json{Store(request)}");
        if (state.FinishReason != FinishReason.SpaceExhausted)
        {
            Row("", $"tuning run {CommandText.Quote(request.FileName)} --trials {More(state)}{Store(request)}{(request.Http is { } http ? $" --http {http}" : "")}");
        }

        return text.ToString().TrimEnd('\n');

        void Test()
        {
            if (state.TestMetrics.Count > 0)
            {
                Row("test", string.Join(", ", state.TestMetrics.Select(m => $"{m.Key} {Numbers.Short(m.Value)}")) + (spec.FurtherObjectives.Count > 0 ? $" (trial {state.Best})" : ""));
            }
        }

        void Row(string name, string value) => text.Append(name.PadRight(9)).Append(value).Append('\n');
    }

    /// <summary>Why a finished study has no usable trial, in one line.</summary>
    public static string WhyNone(StudyState state)
    {
        var why = state.Trials.FirstOrDefault(t => t.State is TrialState.Failed or TrialState.Diverged && t.Reason is not null);
        return state.Counts.AgainstBudget == 0
            ? "no trial was run to its end."
            : state.Counts.Complete > 0 ? $"{Counts(state.Counts)}, none of which fulfils {string.Join(" and ", state.Spec.MetricConstraints)}. 'tuning trials {state.Spec.Name}' shows them all."
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
