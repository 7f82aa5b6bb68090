using System.Diagnostics;
using System.Globalization;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>How long the way to the first trial took, from the start of the process: <c>--timings</c>.</summary>
/// <param name="tell">Told one line at the first trial; null when nobody asked.</param>
public sealed class RunTimings(TimeProvider time, Action<string>? tell)
{
    private readonly List<(string Step, DateTimeOffset At)> _marks = [];
    private bool _told;

    public void Mark(string step)
    {
        if (!_told)
        {
            _marks.Add((step, time.GetUtcNow()));
        }
    }

    public void FirstTrial()
    {
        if (tell is null || _told)
        {
            return;
        }

        // Asking for the start of the process takes tens of milliseconds: after everything has been measured.
        _marks.Insert(0, ("first_trial", time.GetUtcNow()));
        _told = true;
        using var process = Process.GetCurrentProcess();
        var start = process.StartTime.ToUniversalTime();
        tell("timings: " + string.Join(
            ' ', _marks.Select(mark => string.Create(CultureInfo.InvariantCulture, $"{mark.Step}_ms={(mark.At - start).TotalMilliseconds:0}"))));
    }
}
