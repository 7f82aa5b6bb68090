using System.Globalization;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Refuses data that would not fit into memory, with the numbers, before the process dies of them.</summary>
/// <param name="available">Bytes the data may take: what the process may use, less what the file's own bytes take.</param>
internal sealed class MemoryRoom(long available)
{
    /// <summary>Bytes this process may use.</summary>
    public static long Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <param name="bytes">What is taken.</param>
    /// <param name="what">By what, for the message.</param>
    /// <exception cref="SpecException">It is more than there is; <c>data.source</c>.</exception>
    public void Check(long bytes, string what)
    {
        if (bytes > available)
        {
            throw SourceText.Fault(
                $"{what} take {ByteSize.Rounded(bytes)}, and this process may use {ByteSize.Rounded(Math.Max(0, available))} beside the file's bytes",
                "Use fewer rows, columns or folds, or a machine (or container limit) with more memory.");
        }
    }

    /// <summary>The features, codes and targets of all folds, before any is made.</summary>
    /// <param name="rows">Rows of all parts of a fold.</param>
    /// <param name="numbers">Features, codes and targets of a row.</param>
    /// <param name="tableBytes">What the columns take meanwhile.</param>
    /// <exception cref="SpecException">There is no room; <c>data.source</c>.</exception>
    public void CheckParts(int rows, int numbers, int folds, long tableBytes)
    {
        var times = folds > 1 ? $" × {Text(folds)} folds" : "";
        Check(
            ((long)rows * numbers * folds * sizeof(float)) + tableBytes,
            $"{Text(rows)} rows × {Text(numbers)} features, codes and targets{times}, and the {ByteSize.Rounded(tableBytes)} of columns they are made from,");
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
