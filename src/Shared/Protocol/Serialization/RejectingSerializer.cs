using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace TuningCluster.Shared.Protocol.Serialization;

/// <summary>Stands where Akka's JSON serializer stood, and refuses both ways.</summary>
/// <remarks>
/// That serializer creates whatever type the bytes name, and stays reachable by its id for every peer even when nothing is bound to it:
/// so its id is taken, not only its bindings.
/// </remarks>
public sealed class RejectingSerializer : Serializer
{
    /// <summary>The constructor Akka looks for.</summary>
    public RejectingSerializer(ExtendedActorSystem system, Config config)
        : base(system) => _ = config;

    /// <summary>The id of Akka's JSON serializer.</summary>
    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    /// <exception cref="SerializationException">Always.</exception>
    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType()} has no manifest: it may neither leave this process nor be stored.");

    /// <exception cref="SerializationException">Always.</exception>
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("Refused a message in Akka's JSON: it would name the types to create.");
}
