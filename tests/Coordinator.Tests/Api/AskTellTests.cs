using System.Net;
using System.Text.Json;
using TuningCluster.Coordinator.Api;
using static TuningCluster.Coordinator.Tests.Api.TestApi;

namespace TuningCluster.Coordinator.Tests.Api;

/// <summary>Programs that ask for trials and tell what came of them, over real HTTP before a real node whose own worker must not touch them.</summary>
public sealed class AskTellTests : IAsyncLifetime
{
    private const string Study = """
        name: ours
        objective: { kind: external, metric: loss }
        parameters:
          x: { type: float, low: 0, high: 1 }
          kind: { type: categorical, choices: [a, b] }
        strategy: { name: random, seed: 1 }
        budget: { trials: 3 }
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("asktell-").FullName;
    private TestApi _api = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _api = await Start(_root, Cancel);

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_program_asks_and_tells_until_the_budget_is_spent()
    {
        await Submit(Study);
        for (var number = 0; number < 3; number++)
        {
            var asked = await Ask();
            Assert.Equal((number, 1), (asked.GetProperty("number").GetInt32(), asked.GetProperty("attempt").GetInt32()));
            Assert.Equal(16, asked.GetProperty("lease").GetString()!.Length);
            var x = asked.GetProperty("parameters").GetProperty("x").GetDouble();
            Assert.InRange(x, 0, 1);
            Assert.False(await Report(number, 1, 1, x + 1));
            Assert.False(await Heartbeat(number, 1));
            var trial = await Tell(number, $$"""{"attempt": 1, "value": {{x:R}}, "metrics": {"seconds": 2} }""");
            Assert.Equal(("complete", x, 2), (trial.GetProperty("state").GetString(), trial.GetProperty("value").GetDouble(), trial.GetProperty("metrics").GetProperty("seconds").GetDouble()));
            Assert.Equal(x + 1, trial.GetProperty("intermediate")[0].GetProperty("value").GetDouble());
            // A lost answer is asked for again.
            Assert.Equal(trial.GetRawText(), (await Tell(number, $$"""{"attempt": 1, "value": {{x:R}}}""")).GetRawText());
        }

        Assert.Matches("study 'ours' has (ended|had all its trials)", await Refused("ask", "", 409));
        var client = HttpGateway.At(_api.Address.ToString());
        Assert.Empty((await client.Audit("ours", Cancel))!.Faults);
        Assert.Null((await client.Replay("ours", Cancel))!.Difference);
        Assert.Equal("completed", (await Json(await _api.Http.GetAsync("studies/ours", Cancel))).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Several_are_handed_out_at_a_time_and_no_more_than_the_budget()
    {
        await Submit(Study);
        var asked = (await Json(await Post("ask", """{"count": 2}"""))).EnumerateArray().Select(a => a.GetProperty("number").GetInt32());
        Assert.Equal([0, 1], asked);
        Assert.Equal(2, (await Json(await Post("ask", """{"count": 5}""")))[0].GetProperty("number").GetInt32());
        Assert.Contains("has handed out all its trials: 0 are done, 3 run", await Refused("ask", "{}", 409), StringComparison.Ordinal);
        Assert.Equal("running", (await Json(await _api.Http.GetAsync("studies/ours/trials/2", Cancel))).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_trial_whose_program_is_silent_goes_to_whoever_asks_next_and_its_outcome_counts_until_then()
    {
        await Submit(Study);
        var first = await Ask("""{"leaseSeconds": 1}""");
        var second = await Ask("""{"leaseSeconds": 1}""");
        Assert.Equal((0, 1), (first.GetProperty("number").GetInt32(), second.GetProperty("number").GetInt32()));
        await Ask("""{"leaseSeconds": 600}""");

        // The budget is handed out: what there is to get is what lapses.
        var again = await Eventually(async () => await Post("ask", "{}"), r => r.StatusCode == HttpStatusCode.OK);
        var taken = await Json(again);
        Assert.Equal(2, taken.GetProperty("attempt").GetInt32());
        var number = taken.GetProperty("number").GetInt32();
        Assert.Equal((number == 0 ? first : second).GetProperty("parameters").GetRawText(), taken.GetProperty("parameters").GetRawText());

        Assert.True(await Heartbeat(number, 1));
        Assert.True(await Report(number, 1, 1, 0.5));
        Assert.Contains($"attempt 1 of trial {number} is over", await Refused($"trials/{number}/tell", """{"attempt": 1, "value": 0.5}""", 409), StringComparison.Ordinal);
        Assert.Equal("complete", (await Tell(number, """{"attempt": 2, "value": 0.25}""")).GetProperty("state").GetString());
        Assert.Equal("complete", (await Tell(1 - number, """{"attempt": 1, "value": 0.75}""")).GetProperty("state").GetString());
        Assert.Empty((await HttpGateway.At(_api.Address.ToString()).Audit("ours", Cancel))!.Faults);
    }

    [Fact]
    public async Task Programs_go_on_when_the_coordinator_has_been_started_again()
    {
        await Submit(Study);
        await Ask("""{"leaseSeconds": 600}""");
        Assert.False(await Report(0, 1, 1, 0.9));
        await _api.DisposeAsync();
        _api = await Start(_root, Cancel);

        // Until the study is open again, programs are told to send it again.
        using var reported = await Eventually(() => Post("trials/0/report", """{"attempt": 1, "step": 2, "value": 0.8}"""), response => response.StatusCode != HttpStatusCode.ServiceUnavailable);
        Assert.False((await Ok(reported)).GetProperty("stop").GetBoolean());
        Assert.Equal(1, (await Ask()).GetProperty("number").GetInt32());
        var trial = await Tell(0, """{"attempt": 1, "value": 0.7}""");
        Assert.Equal(("complete", 1), (trial.GetProperty("state").GetString(), trial.GetProperty("attempts").GetInt32()));
        Assert.Empty((await HttpGateway.At(_api.Address.ToString()).Audit("ours", Cancel))!.Faults);
    }

    [Fact]
    public async Task A_rule_of_stopping_ends_trials_by_what_they_report()
    {
        await Submit(Study.Replace("budget: { trials: 3 }", "budget: { trials: 4 }\nstopping: { name: asha, min: 2, factor: 2, max: 8 }", StringComparison.Ordinal));
        foreach (var number in (int[])[0, 1, 2])
        {
            await Ask();
            var stopped = 0;
            for (var step = 1; step <= 8 && stopped == 0; step++)
            {
                stopped = await Report(number, 1, step, number + (1.0 / step)) ? step : 0;
            }

            // The first has nobody to be compared with; the later ones are worse.
            Assert.Equal(number == 0 ? 0 : 2, stopped);
            var trial = await Tell(number, $$"""{"attempt": 1, "value": {{number}}}""");
            Assert.Equal(number == 0 ? "complete" : "pruned", trial.GetProperty("state").GetString());
            Assert.Equal(number == 0 ? 8 : 2, trial.GetProperty("intermediate").GetArrayLength());
        }

        // Judged while the coordinator was another process: the program's attempt is still the one it was given.
        await Ask();
        Assert.False(await Report(3, 1, 1, -1));
        Assert.False(await Report(3, 1, 2, -2));
        await _api.DisposeAsync();
        _api = await Start(_root, Cancel);
        Assert.False(await Report(3, 1, 4, -3));
        Assert.Equal("complete", (await Tell(3, """{"attempt": 1, "value": -4}""")).GetProperty("state").GetString());
        Assert.Empty((await HttpGateway.At(_api.Address.ToString()).Audit("ours", Cancel))!.Faults);
    }

    [Fact]
    public async Task Failures_are_tried_again_and_divergence_is_not()
    {
        await Submit(Study + "\nretry: { attempts: 2 }");
        await Ask();
        Assert.Equal("waiting", (await Tell(0, """{"attempt": 1, "state": "failed", "reason": "no memory"}""")).GetProperty("state").GetString());
        Assert.Equal(2, (await Ask()).GetProperty("attempt").GetInt32());
        var failed = await Tell(0, """{"attempt": 2, "state": "failed", "reason": "no memory"}""");
        Assert.Equal(("failed", "no memory"), (failed.GetProperty("state").GetString(), failed.GetProperty("reason").GetString()));
        await Ask();
        Assert.Equal("diverged", (await Tell(1, """{"attempt": 1, "state": "diverged"}""")).GetProperty("state").GetString());
        Assert.Contains("trial 1 is diverged", await Refused("trials/1/tell", """{"attempt": 1, "value": 1}""", 409), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_objectives_and_constraints_are_told_by_name()
    {
        await Submit(Study
            .Replace("objective: { kind: external, metric: loss }", "objectives: [ { kind: external, metric: loss }, { metric: latency } ]\nconstraints: [ \"watts <= 5\" ]", StringComparison.Ordinal)
            .Replace("name: random", "name: nsga2", StringComparison.Ordinal));
        await Ask();
        Assert.Contains("latency and watts are missing", await Refused("trials/0/tell", """{"attempt": 1, "value": 1}""", 400), StringComparison.Ordinal);
        var trial = await Tell(0, """{"attempt": 1, "values": [1, 2], "metrics": {"watts": 4}}""");
        Assert.Equal([1, 2], trial.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()));
    }

    [Fact]
    public async Task A_paused_or_stopped_study_hands_out_nothing_and_tells_programs_to_stop()
    {
        await Submit(Study);
        await Ask();
        await Post("pause", null);
        Assert.Contains("study 'ours' is paused", await Refused("ask", "", 409), StringComparison.Ordinal);
        Assert.False(await Heartbeat(0, 1));
        await Post("stop", null);
        Assert.True(await Heartbeat(0, 1));
        Assert.Contains("trial 0 is cancelled", await Refused("trials/0/tell", """{"attempt": 1, "value": 1}""", 409), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ask", "{\"count\": 0}", 400, "count is a whole number from 1 to 1000, not 0")]
    [InlineData("ask", "{\"lease\": 5}", 400, "'lease' is not known here")]
    [InlineData("trials/0/report", "{\"attempt\": 1, \"step\": 0, \"value\": 1}", 400, "step is a whole number from 1")]
    [InlineData("trials/0/report", "{\"attempt\": 1, \"step\": 1}", 400, "value is missing")]
    [InlineData("trials/0/report", "{\"attempt\": 1, \"step\": 1, \"value\": NaN}", 400, "the body is no JSON")]
    [InlineData("trials/0/heartbeat", "{}", 400, "attempt is missing")]
    [InlineData("trials/0/heartbeat", "{\"attempt\": 2}", 409, "trial 0 has had 1 attempts, and none is number 2")]
    [InlineData("trials/7/heartbeat", "{\"attempt\": 1}", 404, "Study 'ours' has no trial 7.")]
    [InlineData("trials/0/tell", "{\"attempt\": 1}", 400, "value is missing")]
    [InlineData("trials/0/tell", "{\"attempt\": 1, \"value\": \"low\"}", 400, "value is a finite number")]
    [InlineData("trials/0/tell", "{\"attempt\": 1, \"values\": [1, 2]}", 400, "there are 2 values")]
    [InlineData("trials/0/tell", "{\"attempt\": 1, \"state\": \"done\"}", 400, "a trial is not told 'done'")]
    public async Task Wrong_bodies_are_problems(string path, string body, int status, string says)
    {
        await Submit(Study);
        await Ask();
        Assert.Contains(says, await Refused(path, body, status), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Studies_that_train_here_are_not_asked_of()
    {
        await Submit("name: ours\nobjective: { kind: function, name: branin }\nparameters:\n  x1: { type: float, low: -5, high: 10 }\n  x2: { type: float, low: 0, high: 15 }\nbudget: { trials: 1 }\n");
        Assert.Contains("has its trials trained by workers", await Refused("ask", "", 409), StringComparison.Ordinal);
    }

    private async Task Submit(string study) => Assert.Equal(HttpStatusCode.Created, (await _api.Http.PostAsync("studies", Yaml(study), Cancel)).StatusCode);

    private async Task<JsonElement> Ask(string body = "{}") => await Ok(await Post("ask", body));

    private async Task<bool> Report(int number, int attempt, int step, double value) =>
        (await Ok(await Post($"trials/{number}/report", $$"""{"attempt": {{attempt}}, "step": {{step}}, "value": {{value:R}}}"""))).GetProperty("stop").GetBoolean();

    private async Task<bool> Heartbeat(int number, int attempt) =>
        (await Ok(await Post($"trials/{number}/heartbeat", $$"""{"attempt": {{attempt}}}"""))).GetProperty("stop").GetBoolean();

    private async Task<JsonElement> Tell(int number, string body) => await Ok(await Post($"trials/{number}/tell", body));

    private async Task<string> Refused(string path, string body, int status)
    {
        var response = await Post(path, body);
        Assert.Equal(status, (int)response.StatusCode);
        return (await Json(response)).GetProperty("detail").GetString()!;
    }

    private static async Task<JsonElement> Ok(HttpResponseMessage response)
    {
        var json = await Json(response);
        Assert.True(response.StatusCode == HttpStatusCode.OK, json.GetRawText());
        return json;
    }

    private async Task<HttpResponseMessage> Post(string path, string? body) => await _api.Http.PostAsync($"studies/ours/{path}", body is null ? null : Yaml(body), Cancel);

    private static async Task<T> Eventually<T>(Func<Task<T>> look, Func<T, bool> isThere)
    {
        while (true)
        {
            if (await look() is var found && isThere(found))
            {
                return found;
            }

            await Task.Delay(50, Cancel);
        }
    }
}
