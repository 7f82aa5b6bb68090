using System.Runtime.Serialization;

namespace TuningCluster.Shared.Protocol.Serialization;

/// <summary>What was read bears a name this program does not know: a newer one may have written it.</summary>
public sealed class UnknownManifestException(string manifest)
    : SerializationException($"Unknown manifest '{manifest}': perhaps written by a newer program.")
{
    public string Manifest { get; } = manifest;
}
