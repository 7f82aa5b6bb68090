namespace TuningCluster.Cluster.Tests.Processes;

/// <summary>How long an event is awaited before a test gives up. Never a measure: a crowded machine is a hundred times slower.</summary>
internal static class Patience
{
    public static readonly TimeSpan Event = TimeSpan.FromMinutes(3);

    /// <summary>For what only a file or another process can tell: how often it is asked.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until there is an answer.</summary>
    public static async Task<T> Until<T>(string what, Func<Task<T?>> ask)
        where T : class
    {
        using var limit = new CancellationTokenSource(Event);
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"In {Event} there was no {what}.");
            }

            await Task.Delay(Poll);
        }
    }
}
