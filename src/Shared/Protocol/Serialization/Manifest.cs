using Google.Protobuf;

namespace TuningCluster.Shared.Protocol.Serialization;

/// <summary>One row of a <see cref="ManifestTable"/>: a permanent name, the type it stands for, and how it becomes bytes and back.</summary>
/// <param name="Name">Short, and for ever: it stands in every journal.</param>
/// <param name="Type">The type in this program; may be renamed freely.</param>
public sealed record Manifest(string Name, Type Type, Func<object, byte[]> Write, Func<byte[], object> Read)
{
    /// <summary>A type <typeparamref name="T"/> that is stored as the Protobuf message <typeparamref name="TStored"/>.</summary>
    public static Manifest For<T, TStored>(string name, MessageParser<TStored> parser, Func<T, TStored> write, Func<TStored, T> read)
        where T : class
        where TStored : IMessage<TStored> =>
        new(name, typeof(T), value => write((T)value).ToByteArray(), bytes => read(parser.ParseFrom(bytes)));
}
