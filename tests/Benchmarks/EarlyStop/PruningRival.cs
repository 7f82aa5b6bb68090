using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using TuningCluster.Benchmarks.Contests;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.EarlyStop;

/// <summary>The installed Optuna's pruners, in a process of their own. Their trials train the very rows that ours do with random draws, in the same order.</summary>
internal sealed class PruningRival : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process? _process;

    private PruningRival(string name, Process? process) => (Name, _process) = (name, process);

    /// <summary>Name and version; what is missing when it is.</summary>
    public string Name { get; }

    public bool IsMissing => _process is null;

    public static PruningRival Start()
    {
        if (Python.With("optuna") is not { } interpreter)
        {
            return new PruningRival("Optuna missing", null);
        }

        var start = new ProcessStartInfo(interpreter, [Python.Script("optuna_pruning.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Python.Prepare(start, 1);
        var process = Process.Start(start)!;
        return new PruningRival(ReadLine(process), process);
    }

    /// <summary>As <see cref="EngineStudy.Run"/>.</summary>
    /// <exception cref="BenchmarkException">The rival ended, or took more than five minutes.</exception>
    public double[] Run(string pruner, CurveTable table, int seed, int budget)
    {
        var curves = Curves(table, seed);
        _process!.StandardInput.WriteLine(new JsonObject
        {
            ["pruner"] = pruner,
            ["seed"] = seed,
            ["budget"] = budget,
            ["curves"] = new JsonArray([.. curves.Select(curve => new JsonArray([.. curve.Select(v => double.IsFinite(v) ? JsonValue.Create(v) : null)]))]),
        }.ToJsonString());
        _process.StandardInput.Flush();
        var trained = JsonSerializer.Deserialize<int[]>(ReadLine(_process))!;
        var spending = new Spending(budget);
        foreach (var loss in trained.SelectMany((steps, trial) => curves[trial].Take(steps)))
        {
            spending.Pay(loss);
        }

        return spending.Incumbents();
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }

            _process.Dispose();
        }
    }

    private static List<double[]> Curves(CurveTable table, int seed)
    {
        var deck = new CurveDeck(table, isByParameters: false);
        var random = new RandomSampler();
        var nothing = new StudyHistory(0, Direction.Minimize, []);
        return [.. Enumerable.Range(0, table.Curves.Length).Select(number => deck.Take(random.Suggest(deck.Space, nothing, Rng.For(seed, number, Suggesting.Purpose))))];
    }

    private static string ReadLine(Process process)
    {
        try
        {
            return process.StandardOutput.ReadLineAsync().WaitAsync(Patience).GetAwaiter().GetResult() ?? throw new BenchmarkException("Optuna ended before it answered.");
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new BenchmarkException($"Optuna did not answer in {Patience.TotalMinutes:F0} minutes.");
        }
    }
}
