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

    public static string PersistenceId(string id) => PersistencePrefix + id;

    public static string FromPersistenceId(string persistenceId) => persistenceId[PersistencePrefix.Length..];
}
