using System.Globalization;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Recognises numbers written with a decimal comma, which would silently be read as categories.</summary>
internal static class DecimalComma
{
    /// <summary>One of them when all texts of the column are such numbers; else null. With too many texts the first one decides.</summary>
    public static string? Example(TextColumn column)
    {
        if (column.FirstText is not { } text || !text.Contains(','))
        {
            return null;
        }

        return IsNumber(text) && column.Categories.All(IsNumber) ? text : null;
    }

    private static bool IsNumber(string text) =>
        double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
