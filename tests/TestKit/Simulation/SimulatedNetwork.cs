namespace TuningCluster.TestKit.Simulation;

/// <summary>Between coordinator and workers: delays, duplicates, reorders and loses; cuts workers off.</summary>
internal sealed class SimulatedNetwork(Scene scene)
{
    private readonly Dictionary<string, Fault.Partition> _partitions = new(StringComparer.Ordinal);

    public void CutOff(string worker, Fault.Partition partition) => _partitions[worker] = partition with { At = scene.Time.Now };

    /// <param name="worker">Name of the worker at one of the two ends.</param>
    /// <param name="deliver">Called when the message arrives; more than once for duplicates.</param>
    public void Send(string worker, Action deliver)
    {
        var rng = scene.Rng;
        var weather = scene.Healed ? Weather.Calm : scene.Plan.Weather;
        if (scene.Plan.Local)
        {
            scene.Time.After(rng.Milliseconds(0, 0.5), deliver);
            return;
        }

        var held = TimeSpan.Zero;
        if (!scene.Healed && _partitions.TryGetValue(worker, out var partition) && scene.Time.Now < partition.At + partition.Length)
        {
            if (!partition.Held)
            {
                return;
            }

            held = partition.At + partition.Length - scene.Time.Now;
        }

        if (weather.Loss > 0 && rng.Chance(weather.Loss))
        {
            return;
        }

        Deliver(held + Delay(weather), deliver);
        if (weather.Duplicate > 0 && rng.Chance(weather.Duplicate))
        {
            Deliver(held + Delay(weather), deliver);
        }
    }

    /// <summary>What is still under way when all is well again is lost.</summary>
    private void Deliver(TimeSpan delay, Action deliver)
    {
        var wasHealed = scene.Healed;
        scene.Time.After(delay, () =>
        {
            if (wasHealed || !scene.Healed)
            {
                deliver();
            }
        });
    }

    private TimeSpan Delay(Weather weather) => weather.Slow > 0 && scene.Rng.Chance(weather.Slow)
        ? TimeSpan.FromTicks((long)(weather.SlowUpTo.Ticks * scene.Rng.NextDouble()))
        : scene.Rng.Milliseconds(0.2, 5);
}
