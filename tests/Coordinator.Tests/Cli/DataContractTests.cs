using System.Text.Json;
using TuningCluster.Coordinator.Search.Importance;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Views;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Tests.Cli;

/// <summary>What programs read: names, nulls and shapes are a contract.</summary>
public sealed class DataContractTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public async Task Best_is_one_object()
    {
        _line.Store.Add(Journal.Whole().State);

        Assert.Equal(0, await _line.Invoke("best", "hills", "-o", "json"));

        var best = Json();
        Assert.Equal(["study", "number", "value", "parameters", "metrics", "attempts", "state"], best.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("hills", 1, 1.0, 1, "complete"), (best.GetProperty("study").GetString(), best.GetProperty("number").GetInt32(),
            best.GetProperty("value").GetDouble(), best.GetProperty("attempts").GetInt32(), best.GetProperty("state").GetString()));
        Assert.Equal(1, best.GetProperty("parameters").GetProperty("x2").GetDouble());
        Assert.Empty(_line.Error);
    }

    [Fact]
    public async Task Trials_are_an_array_of_objects()
    {
        _line.Store.Add(new Journal().Trial(0, 1.5).Suggest(1).Begin(1).Diverge(1).Suggest(2).State);

        Assert.Equal(0, await _line.Invoke("trials", "hills", "--output", "json"));

        var trials = Json().EnumerateArray().ToList();
        Assert.Equal(3, trials.Count);
        Assert.All(trials, t => Assert.Equal(
            ["number", "state", "value", "values", "parameters", "metrics", "intermediate", "attempts", "worker", "startedAt", "finishedAt", "reason"],
            t.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(["complete", "diverged", "waiting"], trials.Select(t => t.GetProperty("state").GetString()));
        Assert.Equal([1.5], trials[0].GetProperty("values").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal((2, 1.5), (trials[0].GetProperty("intermediate")[1].GetProperty("step").GetInt32(), trials[0].GetProperty("intermediate")[1].GetProperty("value").GetDouble()));
        Assert.Equal("2026-03-01T12:00:02.000Z", trials[0].GetProperty("startedAt").GetString());
        Assert.Equal("local", trials[0].GetProperty("worker").GetString());
        Assert.Equal(JsonValueKind.Null, trials[0].GetProperty("reason").ValueKind);

        // No NaN is JSON.
        Assert.Equal(JsonValueKind.Null, trials[1].GetProperty("value").ValueKind);
        Assert.Equal(JsonValueKind.Null, trials[1].GetProperty("metrics").GetProperty("value").ValueKind);
        Assert.Equal("the loss became NaN", trials[1].GetProperty("reason").GetString());

        Assert.Equal(0, trials[2].GetProperty("attempts").GetInt32());
        Assert.Equal(JsonValueKind.Null, trials[2].GetProperty("worker").ValueKind);
        Assert.Equal(JsonValueKind.Null, trials[2].GetProperty("startedAt").ValueKind);
    }

    [Fact]
    public async Task Show_tells_state_budget_counts_and_best()
    {
        _line.Store.Add(Journal.Whole().State);

        Assert.Equal(0, await _line.Invoke("show", "hills", "-o", "json"));

        var study = Json();
        Assert.Equal(("hills", "completed", "minimize", "random"), (study.GetProperty("name").GetString(), study.GetProperty("state").GetString(),
            study.GetProperty("direction").GetString(), study.GetProperty("strategy").GetString()));
        Assert.Equal(3, study.GetProperty("budget").GetProperty("trials").GetInt32());
        Assert.Equal((3, 0), (study.GetProperty("counts").GetProperty("complete").GetInt32(), study.GetProperty("counts").GetProperty("cancelled").GetInt32()));
        Assert.Equal(1, study.GetProperty("best").GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task An_empty_store_is_an_empty_array()
    {
        Assert.Equal(0, await _line.Invoke("studies", "-o", "json"));

        Assert.Equal(JsonValueKind.Array, Json().ValueKind);
        Assert.Empty(Json().EnumerateArray());
    }

    [Fact]
    public async Task Csv_flattens_parameters_and_metrics()
    {
        _line.Store.Add(new Journal().Trial(0, 1.5).Suggest(1).Begin(1).Fail(1).State);

        Assert.Equal(0, await _line.Invoke("trials", "hills", "-o", "csv"));

        Assert.Equal(
            [
                "number,state,value,values,parameters.x1,parameters.x2,metrics.value,intermediate,attempts,worker,startedAt,finishedAt,reason",
                """0,complete,1.5,[1.5],0,0,1.5,"[{""step"":1,""value"":2.5},{""step"":2,""value"":1.5}]",1,local,2026-03-01T12:00:02.000Z,2026-03-01T12:00:03.000Z,""",
                "1,failed,,[],1,1,,[],1,local,2026-03-01T12:00:05.000Z,2026-03-01T12:00:06.000Z,it broke",
            ],
            _line.OutLines);
    }

    [Fact]
    public async Task Yaml_mirrors_json()
    {
        _line.Store.Add(Journal.Whole().State);

        Assert.Equal(0, await _line.Invoke("best", "hills", "-o", "yaml"));

        Assert.Equal(
            ["study: hills", "number: 1", "value: 1", "parameters:", "  x1: 1", "  x2: 1", "metrics:", "  value: 1", "attempts: 1", "state: complete"],
            _line.OutLines);
    }

    [Fact]
    public async Task Yaml_quotes_what_would_be_read_as_something_else()
    {
        _line.Store.Add(new Journal().Suggest(0).Begin(0).Add(new TrialFailed(
            0, 1, Shared.Trials.FailureReason.TrainingError, "no: \"1\" # é", [], Trial.NoMetrics)).State);

        Assert.Equal(0, await _line.Invoke("trials", "hills", "-o", "yaml"));

        Assert.StartsWith("- number: 0", _line.Out, StringComparison.Ordinal);
        Assert.Contains("""  reason: "no: \"1\" # é" """.TrimEnd(), _line.OutLines);
        Assert.Contains("  values: []", _line.OutLines);
        Assert.Contains("  value: null", _line.OutLines);
    }

    [Fact]
    public async Task Tables_are_for_reading()
    {
        _line.Store.Add(Journal.Whole().State);

        Assert.Equal(0, await _line.Invoke("trials", "hills"));
        Assert.Equal(
            [
                "trial  state     value  steps   time  parameters",
                "    0  complete      3      2  1.00s  x1=0 x2=0",
                "    1  complete      1      2  1.00s  x1=1 x2=1",
                "    2  complete      2      2  1.00s  x1=2 x2=2",
            ],
            _line.OutLines);

        Assert.Equal(0, await _line.Invoke("studies"));
        Assert.Equal(["study  state      trials  best  metric  strategy   time", "hills  completed     3/3     1  value   random    10.0s"], _line.OutLines);
        Assert.Equal(0, await _line.Invoke("show", "hills"));
        Assert.Contains("state      completed: All trials of the budget are done.", _line.OutLines);
        Assert.Equal(0, await _line.Invoke("best", "hills"));
        Assert.Contains("value       1 (value, minimize)", _line.OutLines);
    }

    [Fact]
    public async Task Importance_is_a_table_and_an_array()
    {
        _line.Shares["good"] = [new ParameterShare("width", 0.75, 0.5), new ParameterShare("rate", 0.25, 0.5)];
        _line.Shares["young"] = [new ParameterShare("width", double.NaN, double.NaN)];

        Assert.Equal(0, await _line.Invoke("importance", "good"));
        Assert.Contains("75.0 %", _line.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _line.Invoke("importance", "young"));
        Assert.Contains("Too few trials: of the best tenth there must be 4, which takes 31 complete, pruned or diverged trials.", _line.Out, StringComparison.Ordinal);
        Assert.Equal(2, await _line.Invoke("importance", "none"));
    }

    [Fact]
    public async Task A_replay_that_differs_fails_and_says_where()
    {
        _line.Replays["good"] = new ReplayReport("good", "good.1.a", 12, null);
        _line.Replays["bad"] = new ReplayReport("bad", "bad.1.a", 3, "trial 2: the journal has x=1; from its history random/random-1 draws x=2");

        Assert.Equal(0, await _line.Invoke("replay", "good"));
        Assert.Contains("12 suggestions drawn again. All agree", _line.Out, StringComparison.Ordinal);
        Assert.Equal(1, await _line.Invoke("replay", "bad"));
        Assert.Equal(1, await _line.Invoke("replay", "bad", "-o", "json"));
        Assert.Equal(2, await _line.Invoke("replay", "none"));
    }

    [Fact]
    public async Task An_audit_with_faults_fails()
    {
        _line.Audits["good"] = new AuditReport("good", "good.1.a", 10, 3, ["Numbers rise."], []);
        _line.Audits["bad"] = new AuditReport("bad", "bad.1.a", 10, 3, ["Numbers rise."], ["event 3: they fall"]);

        Assert.Equal(0, await _line.Invoke("audit", "good"));
        Assert.Contains("no fault", _line.Out, StringComparison.Ordinal);
        Assert.Equal(1, await _line.Invoke("audit", "bad"));
        Assert.Contains("event 3: they fall", _line.Out, StringComparison.Ordinal);
        Assert.Equal(1, await _line.Invoke("audit", "bad", "-o", "json"));
        Assert.Equal("event 3: they fall", Json().GetProperty("faults")[0].GetString());
    }

    private JsonElement Json() => JsonDocument.Parse(_line.Out).RootElement;
}
