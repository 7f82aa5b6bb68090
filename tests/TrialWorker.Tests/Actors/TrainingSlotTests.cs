using TuningCluster.TrialWorker.Actors;

namespace TuningCluster.TrialWorker.Tests.Actors;

public sealed class TrainingSlotTests
{
    [Fact]
    public async Task Work_runs_in_order_on_one_thread_of_its_own()
    {
        var threads = new List<(string? Name, bool Pool)>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var slot = new TrainingSlot(3);
        for (var i = 0; i < 3; i++)
        {
            slot.Post(() => threads.Add((Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread)));
        }

        slot.Post(done.SetResult);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Repeat<(string?, bool)>(("training-3", false), 3), threads);
    }

    [Fact]
    public async Task The_thread_ends_after_what_it_was_given()
    {
        var thread = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var slot = new TrainingSlot(0))
        {
            slot.Post(() => thread.SetResult(Thread.CurrentThread));
        }

        Assert.True((await thread.Task).Join(TimeSpan.FromSeconds(20)));
    }
}
