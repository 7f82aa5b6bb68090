using System.Diagnostics;
using System.Globalization;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>How long the way to the first trial took, from the start of the process: <c>--timings</c>.</summary>
/// <param name="tell">Told one line at the first trial; null when nobody asked.</param>
public sealed class RunTimings(TimeProvider time, Action<string>? tell)
{
    private readonly List<string> _marks = [];
    private bool _told;

    public void Mark(string step)
    {
        if (tell is not null && !_told)
        {
            _marks.Add(string.Create(CultureInfo.InvariantCulture, $"{step}_ms={SinceStart():0}"));
        }
    }

    public void FirstTrial()
    {
        if (tell is null || _told)
        {
            return;
        }

        _told = true;
        tell(string.Create(CultureInfo.InvariantCulture, $"timings: first_trial_ms={SinceStart():0} {string.Join(' ', _marks)}"));
    }

    private double SinceStart()
    {
        using var process = Process.GetCurrentProcess();
        return (time.GetUtcNow() - process.StartTime.ToUniversalTime()).TotalMilliseconds;
    }
}
