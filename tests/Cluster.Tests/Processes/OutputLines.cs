namespace TuningCluster.Cluster.Tests.Processes;

/// <summary>What a process has written to one of its streams so far; lines can be awaited.</summary>
internal sealed class OutputLines
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _ended;

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public string Text => string.Join('\n', All);

    /// <summary>Takes every line of <paramref name="reader"/> until it ends.</summary>
    public async Task ReadFrom(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                Change(() => _lines.Add(line));
            }
        }
        finally
        {
            Change(() => _ended = true);
        }
    }

    /// <summary>The line that is the <paramref name="count"/>-th of its kind; null when the stream ended before it came.</summary>
    public async Task<string?> Seen(Func<string, bool> isWanted, int count = 1)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_lines.Where(isWanted).Skip(count - 1).FirstOrDefault() is { } line)
                {
                    return line;
                }

                if (_ended)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience.Event);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }
}
