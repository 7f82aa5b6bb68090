using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace TuningCluster.TrialWorker.Actors;

/// <summary>One thread that trains, and nothing else: actors and heartbeats have their own and are never starved by it.</summary>
public sealed partial class TrainingSlot : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public TrainingSlot(int index)
    {
        var thread = new Thread(Work, maxStackSize: 0) { IsBackground = true, Name = $"training-{index}" };
        thread.Start();
    }

    /// <summary>Runs <paramref name="attempt"/> after those given before. It must not throw.</summary>
    public void Post(Action attempt) => _work.Add(attempt);

    /// <summary>Lets the thread end after what it was given.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        YieldToEverythingElse();
        foreach (var attempt in _work.GetConsumingEnumerable())
        {
            attempt();
        }
    }

    /// <summary>Nice 10 for this thread alone. <see cref="Thread.Priority"/> changes nothing on Linux.</summary>
    private static void YieldToEverythingElse()
    {
        if (OperatingSystem.IsLinux())
        {
            // A refusal is harmless: the thread then competes at normal priority.
            _ = SetPriority(which: 0, who: GetThreadId(), nice: 10);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int nice);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();
}
