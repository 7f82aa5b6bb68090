using System.Diagnostics;
using System.Globalization;

namespace TuningCluster.Benchmarks.Contests;

/// <summary>A process that measures itself when asked: ours or a rival, warm between rounds and idle while another one runs.</summary>
/// <remarks>
/// It first writes <c>ready</c> and its name, or <c>missing</c> and what it lacks; then, for each line of JSON it reads, one line with
/// the number asked for. It ends when its input ends. What it writes on standard error is shown.
/// </remarks>
internal sealed class Contestant : IDisposable
{
    /// <summary>Longer than any one answer takes: a contestant that hangs is told apart from one that is slow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The system tells processor time in hundredths of a second, its own and the program's each.</summary>
    private static readonly TimeSpan Granularity = TimeSpan.FromMilliseconds(20);

    private readonly Process? _process;

    private Contestant(string name, Process? process) => (Name, _process) = (name, process);

    /// <summary>Name and version; for a missing one, what is missing.</summary>
    public string Name { get; }

    public bool IsMissing => _process is null;

    /// <summary>This program as a contestant of its own.</summary>
    /// <param name="suite">As <see cref="OwnSide"/> knows it.</param>
    /// <param name="cpus">How many processors it may use.</param>
    public static Contestant Ours(string suite, int cpus)
    {
        // Started by 'dotnet run' or by itself, the program is its own file; by 'dotnet Benchmarks.dll' it is the host's argument.
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] command = [program, .. isHost ? [typeof(Contestant).Assembly.Location] : Array.Empty<string>(), OwnSide.Word, suite];

        // Held to one processor, the runtime would wait ten times as long before it optimises what runs often; a worker is not held.
        return Start(cpus, command, ("DOTNET_TC_DelaySingleProcMultiplier", "1"));
    }

    /// <summary>A rival of <c>rivals/</c>.</summary>
    /// <param name="name">What it is called when it is missing.</param>
    /// <param name="script">File name of the script.</param>
    /// <param name="cpus">How many processors it may use, and threads its libraries start.</param>
    /// <param name="modules">What the script imports that Python does not bring.</param>
    public static Contestant Rival(string name, string script, int cpus, params string[] modules) => RivalOf(name, script, [], cpus, modules);

    /// <inheritdoc cref="Rival"/>
    /// <param name="arguments">The script's own.</param>
    public static Contestant RivalOf(string name, string script, IReadOnlyList<string> arguments, int cpus, params string[] modules) => Python.With(modules) is { } interpreter
        ? Start(cpus, [interpreter, Python.Script(script), .. arguments])
        : new Contestant($"{name} missing", null);

    /// <summary>Lets it measure.</summary>
    /// <param name="question">A line of JSON, as its script or our side takes it.</param>
    /// <param name="threads">How many it computes with.</param>
    /// <exception cref="BenchmarkException">It ended, said no number, or took more than five minutes.</exception>
    public Answer Measure(string question, int threads)
    {
        if (_process is null)
        {
            throw new InvalidOperationException($"{Name}: it cannot measure.");
        }

        var computed = ProcessorTime(_process);
        var started = Stopwatch.GetTimestamp();
        _process.StandardInput.WriteLine(question);
        _process.StandardInput.Flush();
        var line = ReadLine(_process, Name);
        var share = (ProcessorTime(_process) - computed + Granularity) / (Stopwatch.GetElapsedTime(started) * threads);
        return double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new Answer(number, Math.Min(1, share))
            : throw new BenchmarkException($"{Name} answered '{line}' where a number was asked for.");
    }

    public void Dispose()
    {
        if (_process is null)
        {
            return;
        }

        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static Contestant Start(int cpus, IReadOnlyList<string> command, params IEnumerable<(string Name, string Value)> environment)
    {
        var pinned = Cpus.Pin(cpus, command);
        var start = new ProcessStartInfo(pinned[0], pinned.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Python.Prepare(start, cpus);
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        var process = Process.Start(start)!;
        var greeting = ReadLine(process, string.Join(' ', command));
        if (greeting.StartsWith("ready ", StringComparison.Ordinal))
        {
            return new Contestant(greeting["ready ".Length..], process);
        }

        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        return greeting.StartsWith("missing ", StringComparison.Ordinal)
            ? new Contestant($"{greeting["missing ".Length..]} missing", null)
            : throw new BenchmarkException($"'{string.Join(' ', command)}' began with '{greeting}'.");
    }

    private static TimeSpan ProcessorTime(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static string ReadLine(Process process, string name)
    {
        try
        {
            return process.StandardOutput.ReadLineAsync().WaitAsync(Patience).GetAwaiter().GetResult()
                ?? throw new BenchmarkException($"{name} ended before it answered.");
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new BenchmarkException($"{name} did not answer in {Patience.TotalMinutes:F0} minutes.");
        }
    }
}

/// <param name="Value">What was measured.</param>
/// <param name="Share">How much of its processors the contestant had meanwhile, in (0, 1]: the rest went to other work on the machine.</param>
internal readonly record struct Answer(double Value, double Share);
