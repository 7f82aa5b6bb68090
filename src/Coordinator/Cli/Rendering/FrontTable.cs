using System.Globalization;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Cli.Rendering;

/// <summary>A Pareto front for reading: a row a trial.</summary>
internal static class FrontTable
{
    /// <param name="metrics">Of the objectives.</param>
    /// <param name="front">In the order of the rows.</param>
    /// <param name="printer">Where it goes.</param>
    public static string Write(IReadOnlyList<string> metrics, IEnumerable<BestView> front, DataPrinter printer)
    {
        var table = new TextTable(["trial", .. metrics, "parameters"]).Right([0, .. Enumerable.Range(1, metrics.Count)]);
        foreach (var trial in front)
        {
            table.Add([trial.Number.ToString(CultureInfo.InvariantCulture), .. trial.Values.Select(v => Numbers.Short(v)), Numbers.Short(trial.Parameters)]);
        }

        return table.Write(printer.TableWidth, printer.Color);
    }
}
