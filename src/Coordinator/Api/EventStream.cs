using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Api;

/// <summary>A study's events as server-sent ones.</summary>
internal static class EventStream
{
    /// <summary>Type of what is sent while nothing happens; without an id, so that a viewer resumes where it was.</summary>
    public const string Alive = "alive";

    /// <summary>Between two of them: a connection whose other end is gone without a word must be told from a quiet study.</summary>
    public static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(10);

    /// <summary>After which a viewer, or who passes the stream on, gives it up.</summary>
    public static readonly TimeSpan Silence = 3 * AliveEvery;

    public static async IAsyncEnumerable<SseItem<string>> Of(IAsyncEnumerable<NumberedEvent> events, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var each = events.GetAsyncEnumerator(cancel);
        while (true)
        {
            var next = each.MoveNextAsync().AsTask();
            while (!next.IsCompleted)
            {
                await ((Task)next).WaitAsync(AliveEvery, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!next.IsCompleted && !cancel.IsCancellationRequested)
                {
                    yield return new SseItem<string>("{}", Alive);
                }
            }

            if (!await next.ConfigureAwait(false))
            {
                yield break;
            }

            var e = each.Current;
            yield return new SseItem<string>(EventJson.Write(e).ToJsonString(), EventJson.Word(e.Event)) { EventId = e.Sequence.ToString(CultureInfo.InvariantCulture) };
        }
    }
}
