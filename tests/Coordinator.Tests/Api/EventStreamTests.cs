using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Tests.Api;

public sealed class EventStreamTests
{
    [Fact]
    public async Task A_quiet_study_is_told_from_a_dead_line()
    {
        var cancel = TestContext.Current.CancellationToken;
        var (time, events) = (new FakeTimeProvider(), Channel.CreateUnbounded<NumberedEvent>());
        await using var stream = EventStream.Of(events.Reader.ReadAllAsync(cancel), time, cancel).GetAsyncEnumerator(cancel);

        for (var i = 0; i < 2; i++)
        {
            var quiet = stream.MoveNextAsync();
            Assert.False(quiet.IsCompleted);
            time.Advance(EventStream.AliveEvery);
            Assert.True(await quiet);
            Assert.Equal((EventStream.Alive, null), (stream.Current.EventType, stream.Current.EventId));
        }

        var next = stream.MoveNextAsync();
        await events.Writer.WriteAsync(new NumberedEvent(7, new StudyPaused("by hand")), cancel);
        Assert.True(await next);
        Assert.Equal(("studyPaused", "7"), (stream.Current.EventType, stream.Current.EventId));
        events.Writer.Complete();
        Assert.False(await stream.MoveNextAsync());
    }
}
