using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Serialization;
using TuningCluster.Golden;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Protocol.Serialization;

namespace TuningCluster.Shared.Tests.Protocol;

public sealed class TuningSerializationTests : IAsyncDisposable
{
    private readonly ExtendedActorSystem _system = (ExtendedActorSystem)ActorSystem.Create(
        "serialization",
        ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig("akka { loglevel = WARNING, stdout-loglevel = WARNING }\n" + TuningSerialization.Hocon), TuningSerialization.Setup(WireManifests.Table)));

    public async ValueTask DisposeAsync() => await _system.Terminate();

    [Fact]
    public void Wire_messages_go_through_the_closed_table()
    {
        foreach (var example in WireExamples.All)
        {
            var serializer = Assert.IsType<TuningSerializer>(_system.Serialization.FindSerializerFor(example));
            Assert.Equal(4711, serializer.Identifier);
            var manifest = Serialization.ManifestFor(serializer, example);
            var read = _system.Serialization.Deserialize(serializer.ToBinary(example), serializer.Identifier, manifest);
            Assert.Equal(Shape.Of(example), Shape.Of(read));
        }
    }

    [Fact]
    public void A_type_name_from_the_wire_selects_nothing() =>
        Assert.Throws<UnknownManifestException>(() =>
            _system.Serialization.Deserialize([], TuningSerializer.PermanentId, typeof(StopTrial).AssemblyQualifiedName));

    [Fact]
    public void What_is_bound_to_nothing_is_refused_on_writing()
    {
        var serializer = _system.Serialization.FindSerializerFor(new object());
        Assert.IsType<RejectingSerializer>(serializer);
        Assert.Throws<SerializationException>(() => serializer.ToBinary(new object()));
    }

    [Fact]
    public void The_id_of_Akkas_json_is_taken_and_refused_on_reading() =>
        Assert.Throws<SerializationException>(() => _system.Serialization.Deserialize("{}"u8.ToArray(), 1, typeof(Version)));

    [Fact]
    public void Two_tables_with_one_name_are_refused() =>
        Assert.Throws<ArgumentException>(() => ManifestTable.Join(WireManifests.Table, WireManifests.Table));
}
