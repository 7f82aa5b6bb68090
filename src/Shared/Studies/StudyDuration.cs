using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TuningCluster.Shared.Studies;

/// <summary>How a study file spells durations: <c>500ms</c>, <c>90s</c>, <c>10m</c>, <c>2h30m</c>, <c>1d</c>; a bare number is seconds.</summary>
public static partial class StudyDuration
{
    /// <summary>Longer ones are refused: a slip, and no longer exact in a double of ticks.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(10_000);

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Reads a duration that is not negative and no longer than <see cref="Longest"/>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        decimal ticks = 0;
        text = text.Trim();
        if (Number().IsMatch(text))
        {
            text += "s";
        }

        if (!Whole().IsMatch(text))
        {
            return false;
        }

        foreach (Match part in Part().Matches(text))
        {
            if (!decimal.TryParse(part.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                || count > Longest.Ticks)
            {
                return false;
            }

            ticks += count * Units.First(u => u.Unit == part.Groups[2].Value).Ticks;
        }

        if (ticks > Longest.Ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)decimal.Round(ticks));
        return true;
    }

    /// <summary>The spelling, largest unit first, that <see cref="TryParse"/> reads back exactly: <c>1m30s</c>.</summary>
    public static string Text(TimeSpan duration)
    {
        var rest = duration.Ticks;
        var text = new StringBuilder();
        foreach (var (unit, ticks) in Units.SkipLast(1))
        {
            if (rest / ticks > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / ticks}{unit}");
                rest %= ticks;
            }
        }

        if (rest > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(decimal)rest / TimeSpan.TicksPerMillisecond:0.####}ms");
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    [GeneratedRegex(@"^[0-9]{1,15}(\.[0-9]{1,9})?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^([0-9]{1,15}(\.[0-9]{1,9})?d)?([0-9]{1,15}(\.[0-9]{1,9})?h)?([0-9]{1,15}(\.[0-9]{1,9})?m)?([0-9]{1,15}(\.[0-9]{1,9})?s)?([0-9]{1,15}(\.[0-9]{1,9})?ms)?(?<=.)\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"([0-9.]+)(ms|d|h|m|s)")]
    private static partial Regex Part();
}
