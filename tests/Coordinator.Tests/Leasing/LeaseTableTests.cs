using TuningCluster.Coordinator.Leasing;

namespace TuningCluster.Coordinator.Tests.Leasing;

public sealed class LeaseTableTests
{
    private readonly LeaseTable _leases = new(TimeSpan.FromSeconds(3));

    [Fact]
    public void A_lease_lapses_once_more_than_its_time_was_watched()
    {
        Track("x");
        Pass(3);
        Assert.False(_leases.IsLapsed("x"));
        _leases.Advance(TimeSpan.FromTicks(1));
        Assert.True(_leases.IsLapsed("x"));
    }

    [Fact]
    public void A_renewed_lease_has_its_full_time_again()
    {
        Track("x");
        Pass(2);
        _leases.Renew("x");
        Pass(3);
        Assert.False(_leases.IsLapsed("x"));
    }

    [Fact]
    public void A_lapsed_lease_that_is_renewed_in_time_is_none_any_more()
    {
        Track("x");
        Pass(9);
        Assert.True(_leases.IsLapsed("x"));
        _leases.Renew("x");
        Assert.False(_leases.IsLapsed("x"));
    }

    [Fact]
    public void Tracking_a_lease_again_does_not_renew_it()
    {
        Track("x");
        Pass(3);
        Track("x", "y");
        Pass(1);
        Assert.True(_leases.IsLapsed("x"));
        Assert.False(_leases.IsLapsed("y"));
    }

    [Fact]
    public void Ended_leases_are_forgotten_and_unknown_ones_never_lapse()
    {
        Track("x");
        Track("y");
        Pass(9);
        Assert.False(_leases.IsLapsed("x"));
        _leases.Renew("x");
        Assert.False(_leases.IsLapsed("x"));
        Assert.True(_leases.IsLapsed("y"));
    }

    [Fact]
    public void A_long_gap_between_two_looks_was_a_pause_and_counts_two_seconds_at_most()
    {
        Track("x");
        _leases.Advance(TimeSpan.FromHours(8));
        Assert.Equal(TimeSpan.FromSeconds(2), _leases.Watched);
        Assert.False(_leases.IsLapsed("x"));
    }

    private void Track(params string[] leases) => _leases.Track(leases.ToHashSet());

    private void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _leases.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
