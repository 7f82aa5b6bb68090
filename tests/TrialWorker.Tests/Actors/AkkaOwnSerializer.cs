using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Serialization;

namespace TuningCluster.Tests.Actors;

/// <summary>Gives back the very object: for Akka's own messages that never leave a process and do not say so.</summary>
public sealed class AkkaOwnSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private readonly ConcurrentDictionary<int, object> _objects = new();
    private int _last;

    public override int Identifier => 9_999;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj)
    {
        var number = Interlocked.Increment(ref _last);
        _objects[number] = obj;
        return BitConverter.GetBytes(number);
    }

    public override object FromBinary(byte[] bytes, Type type) =>
        _objects.TryRemove(BitConverter.ToInt32(bytes), out var obj) ? obj : throw new ArgumentException("Read twice.", nameof(bytes));
}
