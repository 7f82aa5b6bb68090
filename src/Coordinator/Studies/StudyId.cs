using System.Globalization;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Studies;

/// <summary>Internal ids of studies: <c>name.instance.random</c>. The highest instance bears the name; <c>--fresh</c> makes the next one.</summary>
public static class StudyId
{
    public const string PersistencePrefix = "study-";

    public static string Create(string name, int instance) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}.{instance}.{Rng.FreshId()[..8]}");

    public static string NameOf(string id) => id[..id.IndexOf('.', StringComparison.Ordinal)];

    public static int InstanceOf(string id) => int.Parse(id.Split('.')[1], CultureInfo.InvariantCulture);

    /// <summary>Of each name the id that bears it, by name; the others are archived.</summary>
    public static IEnumerable<string> Current(IEnumerable<string> ids) => ids
        .GroupBy(NameOf, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => group.MaxBy(InstanceOf)!);

    /// <summary>The id that bears a name; null when none does.</summary>
    public static string? Current(IEnumerable<string> ids, string name) => ids.Where(id => NameOf(id) == name).MaxBy(InstanceOf);

    public static string PersistenceId(string id) => PersistencePrefix + id;

    public static string FromPersistenceId(string persistenceId) => persistenceId[PersistencePrefix.Length..];
}
