using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Actors;

namespace TuningCluster.TrialWorker.Tests.Actors;

public sealed class AttemptTableTests
{
    private readonly AttemptTable _attempts = new(remembered: 2);

    [Fact]
    public void A_lease_is_taken_once()
    {
        Assert.True(_attempts.Add(Run("x")));
        Assert.False(_attempts.Add(Run("x")));
        Assert.Single(_attempts.All);
    }

    [Fact]
    public void An_ended_lease_is_not_taken_again_while_it_is_remembered()
    {
        foreach (var lease in new[] { "x", "y", "z" })
        {
            Assert.True(_attempts.Add(Run(lease)));
            _attempts.Remove(lease);
        }

        Assert.False(_attempts.Add(Run("y")));
        Assert.False(_attempts.Add(Run("z")));
        Assert.True(_attempts.Add(Run("x")));
    }

    [Fact]
    public void Removing_what_is_not_held_is_not_remembered()
    {
        _attempts.Remove("x");
        Assert.True(_attempts.Add(Run("x")));
    }

    [Fact]
    public void The_oldest_that_neither_trains_nor_ended_nor_was_stopped_is_next()
    {
        foreach (var lease in new[] { "trains", "ended", "stopped", "waits", "waits longer" })
        {
            _attempts.Add(Run(lease));
        }

        using var slot = new TrainingSlot(0);
        _attempts.Find("trains")!.Slot = slot;
        _attempts.Find("ended")!.Outcome = new TrialOutcome.Released("drained");
        _attempts.Find("stopped")!.Stop.Cancel();
        Assert.Equal("waits", _attempts.NextWaiting()!.Run.Key.Lease);
    }

    [Fact]
    public void Values_are_sent_once_and_the_curve_keeps_them_all()
    {
        var attempt = new Attempt(Run("x"));
        Assert.Equal(0, attempt.LastStep);
        attempt.Step(new IntermediateValue(1, 3));
        attempt.Step(new IntermediateValue(2, 2));
        Assert.Equal([1, 2], attempt.TakeUnsent().Select(v => v.Step));
        attempt.Step(new IntermediateValue(3, 1));
        Assert.Equal([3], attempt.TakeUnsent().Select(v => v.Step));
        Assert.Empty(attempt.TakeUnsent());
        Assert.Equal((3, 3), (attempt.LastStep, attempt.Curve.Count));
    }

    private static RunTrial Run(string lease) => new(new AttemptKey("hills.1.0123abcd", 0, 1, lease), "{}", 1, TrialParameters.Empty, null);
}
