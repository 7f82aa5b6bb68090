namespace TuningCluster.TrialWorker.Tests.Training;

/// <summary>Goes on by one step whenever it is asked; the <paramref name="last"/> question has a consequence.</summary>
internal sealed class SteppingClock(TimeSpan step, int last = int.MaxValue, Action? consequence = null) : TimeProvider
{
    private long _ticks;
    private int _asked;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        if (++_asked == last)
        {
            consequence!();
        }

        return _ticks += step.Ticks;
    }
}
