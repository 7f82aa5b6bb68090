using TuningCluster.Coordinator.Studies;

namespace TuningCluster.Coordinator.Tests.Studies;

public sealed class StudyIdTests
{
    [Fact]
    public void An_id_gives_back_its_name_and_instance()
    {
        var id = StudyId.Create("hills-2", 12);
        Assert.Matches("^hills-2\\.12\\.[0-9a-f]{8}$", id);
        Assert.Equal(("hills-2", 12), (StudyId.NameOf(id), StudyId.InstanceOf(id)));
    }

    [Fact]
    public void Two_ids_of_the_same_instance_differ() => Assert.NotEqual(StudyId.Create("hills", 1), StudyId.Create("hills", 1));

    [Fact]
    public void A_persistence_id_gives_back_the_id() =>
        Assert.Equal("hills.1.0123abcd", StudyId.FromPersistenceId(StudyId.PersistenceId("hills.1.0123abcd")));
}
