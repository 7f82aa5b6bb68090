using System.Globalization;
using TuningCluster.Benchmarks.Trainer;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;

namespace TuningCluster.Benchmarks.Study;

/// <summary>Which rows of the digits <c>examples/digits.yaml</c> trains and validates on, for a rival to do the same.</summary>
/// <remarks>With 360 rows to validate on, another split moves the best loss by a factor of two: more than any search does.</remarks>
internal static class DigitsSplit
{
    /// <summary>The split of the study file.</summary>
    private static readonly SplitSpec Spec = new(0.2, 0.2, 7, true);

    /// <summary>Two lines of row numbers from 0: of the training part, of the validation part.</summary>
    public static string Lines()
    {
        var labels = Digits.Labels(Digits.File);
        var classes = Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture)).ToArray();
        var split = RowSplit.Draw(Spec, labels.Length, labels, classes)[0];
        return $"{string.Join(' ', split.Training)}\n{string.Join(' ', split.Validation)}\n";
    }
}
