using TuningCluster.Shared.Randomness;

namespace TuningCluster.TestKit.Simulation;

/// <summary>What a simulation draws.</summary>
internal static class Draws
{
    public static bool Chance(this Rng rng, double probability) => rng.NextDouble() < probability;

    /// <summary>Uniform on [<paramref name="low"/>, <paramref name="high"/>], both inclusive.</summary>
    public static int Between(this Rng rng, int low, int high) => low + rng.NextInt32(high - low + 1);

    public static TimeSpan Milliseconds(this Rng rng, double low, double high) => TimeSpan.FromMilliseconds(low + ((high - low) * rng.NextDouble()));

    public static TimeSpan Seconds(this Rng rng, double low, double high) => rng.Milliseconds(low * 1000, high * 1000);

    public static T Pick<T>(this Rng rng, params ReadOnlySpan<T> items) => items[rng.NextInt32(items.Length)];

    /// <summary>16 hexadecimal digits.</summary>
    public static string Id(this Rng rng) => rng.NextBits().ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
