using System.Diagnostics;
using System.Text.Json;
using TuningCluster.Benchmarks.Contests;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>The installed Optuna, a process that runs studies when asked.</summary>
internal sealed class OptunaRival : IDisposable
{
    private readonly Process? _process;

    private OptunaRival(string name, Process? process, IReadOnlyList<string> samplers) => (Name, _process, Samplers) = (name, process, samplers);

    /// <summary>Name and version; what is missing when it is.</summary>
    public string Name { get; }

    /// <summary>The samplers this version has.</summary>
    public IReadOnlyList<string> Samplers { get; }

    public static OptunaRival Start()
    {
        if (Python.With("optuna", "numpy") is not { } interpreter)
        {
            return new OptunaRival("Optuna missing", null, []);
        }

        var start = new ProcessStartInfo(interpreter, [Python.Script("optuna_quality.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Python.Prepare(start, 1);
        var process = Process.Start(start)!;
        var hello = JsonDocument.Parse(process.StandardOutput.ReadLine() ?? throw new BenchmarkException("Optuna's script ended at once.")).RootElement;
        return new OptunaRival(hello.GetProperty("name").GetString()!, process, [.. hello.GetProperty("samplers").EnumerateArray().Select(s => s.GetString()!)]);
    }

    /// <summary>The judged value of the incumbent after each trial.</summary>
    public double[] Run(string sampler, Problem problem, int seed, int trials)
    {
        _process!.StandardInput.WriteLine(JsonSerializer.Serialize(new { sampler, seed, trials, problem = problem.Describe(seed) }));
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new BenchmarkException($"{Name} ended in the middle of {problem.Name}.");
        return JsonSerializer.Deserialize<double[]>(line)!;
    }

    /// <summary>Milliseconds an ask and tell, the mean of some in a row after so many trials.</summary>
    public double Milliseconds(string sampler, int parameters, int trials, int inARow)
    {
        _process!.StandardInput.WriteLine(JsonSerializer.Serialize(new { sampler, parameters, trials, inARow }));
        _process.StandardInput.Flush();
        return JsonSerializer.Deserialize<double>(_process.StandardOutput.ReadLine() ?? throw new BenchmarkException($"{Name} ended while it was timed."));
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }
    }
}
