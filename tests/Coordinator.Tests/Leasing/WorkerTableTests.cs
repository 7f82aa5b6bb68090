using TuningCluster.Coordinator.Leasing;
using TuningCluster.Shared.Protocol;

namespace TuningCluster.Coordinator.Tests.Leasing;

public sealed class WorkerTableTests
{
    private readonly WorkerTable _workers = new(TimeSpan.FromSeconds(30));

    [Fact]
    public void A_process_is_new_once_and_known_from_then_on()
    {
        Assert.Equal(Sighting.New, See("a", "i1"));
        Assert.Equal(Sighting.Known, See("a", "i1"));
        Assert.Equal(Sighting.New, See("b", "i1"));
    }

    [Fact]
    public void The_next_process_of_a_name_retires_its_predecessor_for_good()
    {
        See("a", "i1");
        Assert.Equal(Sighting.New, See("a", "i2"));
        Assert.Equal(Sighting.Retired, See("a", "i1", slots: 9, at: 20));
        Assert.Equal(Sighting.Known, See("a", "i2"));
        Assert.Equal(Sighting.New, See("a", "i3"));
        Assert.Equal(Sighting.Retired, See("a", "i1"));
        Assert.Equal(Sighting.Retired, See("a", "i2"));
    }

    [Fact]
    public void A_retired_process_is_no_sign_of_life()
    {
        See("a", "i1");
        See("a", "i2");
        See("a", "i1", at: 29);
        Assert.Empty(_workers.Live(TimeSpan.FromSeconds(31)));
    }

    [Fact]
    public void Those_heard_of_lately_are_live_in_the_order_of_their_names_with_the_slots_they_last_named()
    {
        See("b", "i1", slots: 1, at: 10);
        See("a", "i1", slots: 1, at: 0);
        See("b", "i1", slots: 4, at: 20);
        Assert.Equal([("a", 1), ("b", 4)], _workers.Live(TimeSpan.FromSeconds(30)).Select(w => (w.Name, w.Slots)));
        Assert.Equal(["b"], _workers.Live(TimeSpan.FromSeconds(31)).Select(w => w.Name));
        Assert.Empty(_workers.Live(TimeSpan.FromSeconds(51)));
    }

    private Sighting See(string worker, string incarnation, int slots = 1, int at = 0) =>
        _workers.See(new WorkerBeat(worker, incarnation, slots, []), TimeSpan.FromSeconds(at));
}
