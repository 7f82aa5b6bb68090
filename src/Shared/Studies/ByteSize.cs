using System.Globalization;
using System.Text.RegularExpressions;

namespace TuningCluster.Shared.Studies;

/// <summary>How a study file spells sizes: <c>1GiB</c>, <c>512MiB</c>, <c>2GB</c>; a bare number is bytes.</summary>
public static partial class ByteSize
{
    private static readonly Dictionary<string, long> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1,
        ["B"] = 1,
        ["kB"] = 1000,
        ["MB"] = 1000_000,
        ["GB"] = 1000_000_000,
        ["TB"] = 1000_000_000_000,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
        ["TiB"] = 1L << 40,
    };

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var match = Size().Match(text.Trim());
        if (!match.Success || !Units.TryGetValue(match.Groups[2].Value, out var unit))
        {
            return false;
        }

        var size = decimal.Parse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * unit;
        if (size > long.MaxValue)
        {
            return false;
        }

        bytes = (long)size;
        return true;
    }

    /// <summary>The largest binary unit that says the size exactly: <c>1GiB</c>, <c>1000B</c>.</summary>
    public static string Text(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        while (unit < units.Length - 1 && bytes != 0 && bytes % 1024 == 0)
        {
            bytes /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes}{units[unit]}");
    }

    /// <summary>For people, two or three digits: <c>640 B</c>, <c>1.9 GiB</c>.</summary>
    /// <param name="bytes">At least 0.</param>
    public static string Rounded(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var size = (double)bytes;
        var unit = 0;
        while (unit < units.Length - 1 && size >= 999.5)
        {
            size /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit > 0 && size < 9.95 ? size.ToString("0.0", CultureInfo.InvariantCulture) : size.ToString("0", CultureInfo.InvariantCulture))} {units[unit]}");
    }

    [GeneratedRegex(@"^([0-9]{1,19}(?:\.[0-9]{1,9})?) ?([A-Za-z]*)\z")]
    private static partial Regex Size();
}
