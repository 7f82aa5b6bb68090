using System.Globalization;

namespace TuningCluster.Coordinator.Actors;

/// <summary>What a program that asks is called among workers: <c>ask-60-3</c> has a lease of 60 s, which a restart of the coordinator must not forget.</summary>
public static class SeatName
{
    private const string Prefix = "ask-";

    /// <param name="lease">How long the program may be silent; whole seconds.</param>
    /// <param name="number">Tells seats of one study apart.</param>
    public static string Of(TimeSpan lease, int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{(int)lease.TotalSeconds}-{number}");

    /// <exception cref="FormatException">It is no seat's name.</exception>
    public static TimeSpan LeaseOf(string name) => TimeSpan.FromSeconds(int.Parse(name[Prefix.Length..name.LastIndexOf('-')], CultureInfo.InvariantCulture));
}
