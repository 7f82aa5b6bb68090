using Akka.Serialization;

namespace TuningCluster.Shared.Protocol.Serialization;

/// <summary>Binds an actor system to closed tables of manifests.</summary>
public static class TuningSerialization
{
    /// <summary>Puts <see cref="RejectingSerializer"/> in the place of Akka's JSON serializer.</summary>
    public static string Hocon { get; } =
        $$"""akka.actor.serializers.json = "{{typeof(RejectingSerializer).FullName}}, {{typeof(RejectingSerializer).Assembly.GetName().Name}}" """;

    /// <summary>Everything under the tables' base types goes through one <see cref="TuningSerializer"/>; to be combined with <see cref="Hocon"/>.</summary>
    /// <exception cref="ArgumentException">A name or a type stands twice.</exception>
    public static SerializationSetup Setup(params IReadOnlyList<ManifestTable> tables)
    {
        var table = ManifestTable.Join(tables);
        return SerializationSetup.Create(system =>
            [SerializerDetails.Create("tuning", new TuningSerializer(system, table), [.. table.Bindings])]);
    }
}
