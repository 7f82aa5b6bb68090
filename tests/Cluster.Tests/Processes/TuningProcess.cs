using System.Diagnostics;

namespace TuningCluster.Cluster.Tests.Processes;

/// <summary>One of our programs as a process of its own, with what it writes.</summary>
internal sealed class TuningProcess : IAsyncDisposable
{
    private const int LinesToTell = 20;

    private readonly Process _process;
    private readonly Task _end;
    private readonly string _command;

    private TuningProcess(Process process, string command)
    {
        _process = process;
        _command = command;
        Id = process.Id;
        _process.StandardInput.Close();
        _end = Task.WhenAll(Out.ReadFrom(process.StandardOutput), Error.ReadFrom(process.StandardError), process.WaitForExitAsync());
    }

    public int Id { get; }

    public OutputLines Out { get; } = new();

    public OutputLines Error { get; } = new();

    public bool HasEnded => _end.IsCompleted;

    public static TuningProcess Start(string program, string directory, IReadOnlyList<string> arguments)
    {
        Signals.HearInterrupts();
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var ours in start.Environment.Keys.Where(k => k.StartsWith("TUNING_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(ours);
        }

        start.Environment["DOTNET_ROOT"] = Programs.DotnetRoot;
        // Short lives: counting what might be worth optimising costs more than it brings.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new TuningProcess(Process.Start(start)!, string.Join(' ', arguments.Prepend(Path.GetFileNameWithoutExtension(program))));
    }

    public void Send(Signal signal) => Signals.Send(Id, signal);

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task<CommandResult> Kill()
    {
        if (!_process.HasExited)
        {
            Send(Signal.Kill);
        }

        return await Ended();
    }

    /// <summary>Its end, awaited.</summary>
    public async Task<CommandResult> Ended()
    {
        try
        {
            await _end.WaitAsync(Patience.Event);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Did not end in {Patience.Event}: {Describe()}", e);
        }

        return new CommandResult(_command, _process.ExitCode, Out.Text, Error.Text);
    }

    /// <summary>A line on stderr, awaited; the count-th of its kind.</summary>
    public async Task<string> Line(string part, int count = 1)
    {
        try
        {
            return await Error.Seen(line => line.Contains(part, StringComparison.Ordinal), count)
                ?? throw new InvalidOperationException($"Ended without {count} line(s) with '{part}': {Describe()}");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"No {count} line(s) with '{part}' in {Patience.Event}: {Describe()}", e);
        }
    }

    /// <summary>The last it wrote: what a log of many tests has room for.</summary>
    public string DescribeEnd() => $"{_command} (process {Id}) ended its stderr so:\n{string.Join('\n', Error.All.TakeLast(LinesToTell))}";

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process.Dispose();
    }

    /// <summary>All it wrote.</summary>
    public string Describe() => $"{_command} (process {Id})\n--- stdout:\n{Out.Text}\n--- stderr:\n{Error.Text}\n---";
}
