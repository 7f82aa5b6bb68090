using System.Globalization;

namespace TuningCluster.TrialWorker.Data;

/// <summary>How data files say that a value is not known: an empty cell, NA, N/A, NaN, null or ?, in any case.</summary>
internal static class MissingCell
{
    /// <param name="cell">Without white space around it.</param>
    public static bool Is(ReadOnlySpan<char> cell) => cell.Length switch
    {
        0 => true,
        1 => cell[0] == '?',
        2 => cell.Equals("NA", StringComparison.OrdinalIgnoreCase),
        3 => cell.Equals("NaN", StringComparison.OrdinalIgnoreCase) || cell.Equals("N/A", StringComparison.OrdinalIgnoreCase),
        4 => cell.Equals("null", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary><c>1 missing cell</c>, <c>7 missing cells</c>.</summary>
    public static string Count(int cells) => cells == 1 ? "1 missing cell" : string.Create(CultureInfo.InvariantCulture, $"{cells} missing cells");
}
