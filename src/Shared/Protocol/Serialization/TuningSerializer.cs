using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace TuningCluster.Shared.Protocol.Serialization;

/// <summary>The one serializer of messages, events and snapshots: a <see cref="ManifestTable"/> and nothing else.</summary>
public sealed class TuningSerializer(ExtendedActorSystem system, ManifestTable table) : SerializerWithStringManifest(system)
{
    /// <summary>Stands beside every event in the journal; never changes.</summary>
    public const int PermanentId = 4711;

    public override int Identifier => PermanentId;

    /// <exception cref="SerializationException">The type has no manifest.</exception>
    public override string Manifest(object o) => table.NameOf(o);

    /// <exception cref="SerializationException">The type has no manifest.</exception>
    public override byte[] ToBinary(object obj) => table.Write(obj);

    /// <exception cref="UnknownManifestException">The manifest is not in the table.</exception>
    /// <exception cref="SerializationException">The bytes are not what the manifest says.</exception>
    public override object FromBinary(byte[] bytes, string manifest) => table.Read(manifest, bytes);
}
