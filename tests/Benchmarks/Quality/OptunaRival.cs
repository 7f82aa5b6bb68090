using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using TuningCluster.Benchmarks.Contests;
using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>The installed Optuna, in a process of its own that asks and tells: the objective stays here, so that both sides meet the very same problem.</summary>
internal sealed class OptunaRival : IDisposable
{
    /// <summary>Longer than any one suggestion takes: a rival that hangs is told apart from one that is slow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process? _process;

    private OptunaRival(string name, Process? process, IReadOnlyList<string> samplers) => (Name, _process, Samplers) = (name, process, samplers);

    /// <summary>Name and version; what is missing when it is.</summary>
    public string Name { get; }

    /// <summary>The samplers this installation has; none when it is missing.</summary>
    public IReadOnlyList<string> Samplers { get; }

    /// <exception cref="BenchmarkException">The script failed.</exception>
    public static OptunaRival Start()
    {
        if (Python.With("optuna", "numpy") is not { } interpreter)
        {
            return new OptunaRival("Optuna", null, []);
        }

        var start = new ProcessStartInfo(interpreter, [Python.Script("optuna_quality.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Python.Prepare(start, 1);
        var process = Process.Start(start)!;
        var hello = Read(process, "Optuna");
        return new OptunaRival((string)hello["name"]!, process, [.. hello["samplers"]!.AsArray().Select(s => (string)s!)]);
    }

    /// <summary>Begins a study; the one before is over.</summary>
    /// <param name="sampler">One of <see cref="Samplers"/>.</param>
    /// <param name="problem">Its space and direction are passed on.</param>
    /// <param name="seed">Of the sampler.</param>
    public ISearcher Begin(string sampler, Problem problem, int seed)
    {
        Write(new JsonObject
        {
            ["sampler"] = sampler,
            ["seed"] = seed,
            ["maximize"] = problem.Direction == Direction.Maximize,
            ["noisy"] = problem.IsNoisy,
            ["parameters"] = new JsonArray([.. problem.Space.DrawOrder.Select(Describe)]),
        });
        return new Searcher(this, problem.Space);
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

    private static JsonNode Describe(Parameter parameter)
    {
        JsonObject about = parameter switch
        {
            FloatParameter f => new() { ["low"] = f.Low, ["high"] = f.High, ["log"] = f.Log, ["step"] = f.Step },
            IntParameter i => new() { ["low"] = i.Low, ["high"] = i.High, ["log"] = i.Log, ["step"] = i.Step },
            CategoricalParameter c => new() { ["choices"] = new JsonArray([.. c.Choices.Select(v => (JsonNode)v.ToString())]) },
            _ => throw new BenchmarkException($"Optuna has no {parameter.GetType().Name}."),
        };
        about["name"] = parameter.Name;
        about["kind"] = parameter is FloatParameter ? "float" : parameter is IntParameter ? "int" : "categorical";
        about["when"] = new JsonArray([.. parameter.When.Select(condition =>
            (JsonNode)new JsonObject { ["parameter"] = condition.Parameter, ["values"] = new JsonArray([.. condition.Values.Select(v => (JsonNode)v.ToString())]) })]);
        return about;
    }

    private static JsonNode Read(Process process, string name)
    {
        try
        {
            return JsonNode.Parse(process.StandardOutput.ReadLineAsync().WaitAsync(Patience).GetAwaiter().GetResult()
                ?? throw new BenchmarkException($"{name} ended before it answered."))!;
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new BenchmarkException($"{name} did not answer in {Patience.TotalMinutes:F0} minutes.");
        }
    }

    private void Write(JsonNode message)
    {
        _process!.StandardInput.WriteLine(message.ToJsonString());
        _process.StandardInput.Flush();
    }

    private sealed class Searcher(OptunaRival rival, SearchSpace space) : ISearcher
    {
        public TrialParameters Ask(StudyHistory history)
        {
            rival.Write(new JsonObject { ["ask"] = history.NextNumber });
            var answer = Read(rival._process!, rival.Name).AsObject();
            return space.Arrange(answer.ToDictionary(v => v.Key, v => Value(space.Find(v.Key)!, v.Value!), StringComparer.Ordinal));
        }

        // Optuna calls a trial without a value failed, and learns nothing from it; it knows no diverged ones.
        public void Tell(HistoryTrial trial) => rival.Write(new JsonObject { ["tell"] = trial.Number, ["value"] = trial.Value });

        private static ParameterValue Value(Parameter parameter, JsonNode value)
        {
            var written = parameter switch
            {
                FloatParameter => ParameterValue.Float((double)value),
                IntParameter => ParameterValue.Int((long)value),
                CategoricalParameter c => c.Choices.First(choice => choice.ToString() == (string)value!),
                _ => throw new BenchmarkException($"Optuna has no {parameter.GetType().Name}."),
            };
            return parameter.Match(written)
                ?? throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture, $"Optuna suggests {parameter.Name} = {written}, outside {parameter.Describe()}."));
        }
    }
}
