using System.Globalization;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Cli.Rendering;

/// <summary>Numbers and times for reading; data formats carry all digits instead.</summary>
public static class Numbers
{
    /// <summary>Four significant digits: 0.08123 → 0.08123, 1234.567 → 1235, 1.2e-7 → 1.2e-07.</summary>
    public static string Short(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        var size = Math.Abs(value);
        if (size is < 1e-4 or >= 1e7)
        {
            return value.ToString("0.###e+00", CultureInfo.InvariantCulture);
        }

        var decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 7);
        return value.ToString(decimals == 0 ? "0" : "0." + new string('#', decimals), CultureInfo.InvariantCulture);
    }

    public static string Short(double? value) => value is { } number ? Short(number) : "–";

    public static string Short(ParameterValue value) =>
        value.Kind == ParameterValueKind.Float ? Short(value.AsDouble()) : value.ToString();

    /// <summary><c>name=value</c>, separated by blanks.</summary>
    public static string Short(TrialParameters parameters) => string.Join(' ', parameters.Select(p => $"{p.Key}={Short(p.Value)}"));

    /// <summary>The largest two units: <c>0.42s</c>, <c>12.3s</c>, <c>4m05s</c>, <c>2h03m</c>, <c>3d04h</c>.</summary>
    public static string Short(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.995 } => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + "s",
        { TotalSeconds: < 59.95 } => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + "s",
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m{time.Seconds:00}s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours}h{time.Minutes:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.Days}d{time.Hours:00}h"),
    };
}
