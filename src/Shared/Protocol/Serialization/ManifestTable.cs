using System.Collections.Frozen;
using System.Runtime.Serialization;
using Google.Protobuf;

namespace TuningCluster.Shared.Protocol.Serialization;

/// <summary>A closed table of what may be written and read: nothing outside it is, and no name from outside ever selects a type.</summary>
public sealed class ManifestTable
{
    private readonly FrozenDictionary<string, Manifest> _byName;
    private readonly FrozenDictionary<Type, Manifest> _byType;

    /// <param name="bindings">The base types whose values go through this table, e.g. <see cref="IWireMessage"/>.</param>
    /// <exception cref="ArgumentException">A name or a type stands twice, or a type is under none of the bindings.</exception>
    public ManifestTable(IReadOnlyList<Type> bindings, IReadOnlyList<Manifest> manifests)
    {
        foreach (var manifest in manifests)
        {
            if (!bindings.Any(binding => binding.IsAssignableFrom(manifest.Type)))
            {
                throw new ArgumentException($"'{manifest.Name}' ({manifest.Type.Name}) is bound to none of this table's base types.", nameof(manifests));
            }
        }

        Bindings = bindings;
        Manifests = manifests;
        _byName = manifests.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);
        _byType = manifests.ToFrozenDictionary(m => m.Type);
    }

    public IReadOnlyList<Type> Bindings { get; }

    public IReadOnlyList<Manifest> Manifests { get; }

    /// <summary>One table of several.</summary>
    public static ManifestTable Join(params IReadOnlyList<ManifestTable> tables) =>
        new([.. tables.SelectMany(t => t.Bindings)], [.. tables.SelectMany(t => t.Manifests)]);

    /// <exception cref="SerializationException">The type has no manifest.</exception>
    public string NameOf(object value) => Of(value).Name;

    /// <exception cref="SerializationException">The type has no manifest.</exception>
    public byte[] Write(object value) => Of(value).Write(value);

    /// <exception cref="UnknownManifestException">The table has no such manifest.</exception>
    /// <exception cref="SerializationException">The bytes are not what the manifest says.</exception>
    public object Read(string manifest, byte[] bytes)
    {
        if (!_byName.TryGetValue(manifest, out var entry))
        {
            throw new UnknownManifestException(manifest);
        }

        try
        {
            return entry.Read(bytes);
        }
        catch (InvalidProtocolBufferException damaged)
        {
            throw new SerializationException($"The {bytes.Length} bytes are no '{manifest}': {damaged.Message}", damaged);
        }
    }

    private Manifest Of(object value) =>
        _byType.TryGetValue(value.GetType(), out var manifest)
            ? manifest
            : throw new SerializationException($"{value.GetType()} has no manifest: it may neither leave this process nor be stored.");
}
