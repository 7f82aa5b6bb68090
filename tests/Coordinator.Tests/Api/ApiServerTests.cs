using System.Net;
using System.Net.ServerSentEvents;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Studies;
using static TuningCluster.Coordinator.Tests.Api.TestApi;

namespace TuningCluster.Coordinator.Tests.Api;

/// <summary>The API over real HTTP on loopback, before a real node with a worker of two slots.</summary>
public sealed class ApiServerTests : IAsyncLifetime
{
    private static readonly string Study = Specs.RandomText.Replace("version: 1\n", "", StringComparison.Ordinal).Replace("trials: 4", "trials: 6", StringComparison.Ordinal);

    private readonly string _root = Directory.CreateTempSubdirectory("api-").FullName;
    private TestApi? _api;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private HttpClient Http => _api!.Http;

    public async ValueTask InitializeAsync() => _api = await TestApi.Start(_root, Cancel);

    public async ValueTask DisposeAsync()
    {
        await _api!.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_study_is_submitted_followed_and_read_page_by_page()
    {
        var created = await Http.PostAsync("studies", Yaml(Study), Cancel);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/api/v1/studies/hills", created.Headers.Location!.ToString());
        Assert.Equal("hills", (await Json(created)).GetProperty("name").GetString());

        var events = await Follow("hills");
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Sequence));
        Assert.Equal(("studyCreated", "studyFinished"), (events[0].Type, events[^1].Type));
        Assert.Equal(6, events.Count(e => e.Type == "trialCompleted"));
        Assert.Equal(events.Skip(4), await Follow("hills", "4"));

        var page = await Json(await Http.GetAsync("studies/hills/trials?after=1&limit=3", Cancel));
        Assert.Equal([2, 3, 4], page.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("number").GetInt32()));
        Assert.Equal(4, page.GetProperty("next").GetInt32());
        page = await Json(await Http.GetAsync("studies/hills/trials?after=4", Cancel));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        Assert.Equal(5, Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("number").GetInt32());

        // Submitting the same again changes nothing.
        Assert.Equal(HttpStatusCode.OK, (await Http.PostAsync("studies", Yaml(Study), Cancel)).StatusCode);
        Assert.Equal(2, (await Json(await Http.GetAsync("workers", Cancel)))[0].GetProperty("slots").GetInt32());
    }

    [Fact]
    public async Task The_client_reads_what_the_server_writes()
    {
        var client = HttpGateway.At(_api!.Address.ToString());
        var spec = StudyFile.Parse(Study, "hills.yaml").SpecOrThrow();
        Assert.True((await client.Submit(spec, null, fresh: false, Cancel)).Created);
        await Follow("hills");
        var stored = new StoreGateway(new StoreJournals(StoreLocation.Parse(null, _root), "test", TimeProvider.System), Coordinator.Studies.Study.Apply);

        Assert.Equal(Text((await stored.Show("hills", Cancel))!), Text((await client.Show("hills", Cancel))!));
        Assert.Equal((await stored.Trials("hills", Cancel))!.Select(t => ViewJson.Trial(t).ToJsonString()), (await client.Trials("hills", Cancel))!.Select(t => ViewJson.Trial(t).ToJsonString()));
        Assert.Equal(ViewJson.Audit((await stored.Audit("hills", Cancel))!).ToJsonString(), ViewJson.Audit((await client.Audit("hills", Cancel))!).ToJsonString());
        Assert.Null((await client.Replay("hills", Cancel))!.Difference);
        Assert.Equal(2, (await client.Importance("hills", Cancel))!.Count);
        Assert.Empty((await client.RetryFailed("hills", Cancel))!.Retried);
        Assert.Null(await client.Show("dales", Cancel));
        Assert.Null(await client.Trials("dales", Cancel));
        Assert.Null(await client.Act("dales", new StudyAction.Pause(), Cancel));
        Assert.True(await client.Delete("hills", Cancel));
        Assert.False(await client.Delete("hills", Cancel));
        Assert.Empty(await client.Studies(Cancel));

        static string Text(StudyView view) => ViewJson.Study(view).ToJsonString();
    }

    [Fact]
    public async Task Checkpoints_are_replaced_listed_and_let_go()
    {
        const string Owner = "hills.1.abcd1234.4.checkpoint";
        var (first, second) = (await Put([1], Owner), await Put([2], Owner));
        Assert.Equal([second], (await Json(await Http.GetAsync($"blobs?owner={Owner}", Cancel))).EnumerateArray().Select(sha => sha.GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await Http.GetAsync($"blobs/{first}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Http.DeleteAsync($"blobs/{second}?owner={Owner}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Http.DeleteAsync($"blobs/{second}?owner={Owner}", Cancel)).StatusCode);
        Assert.Empty((await Json(await Http.GetAsync($"blobs?owner={Owner}", Cancel))).EnumerateArray());

        // Whatever else there is, is no client's to list or to delete.
        var data = await Put([3], null);
        foreach (var owner in (string[])["", "?owner=uploads", "?owner=hills.1.abcd1234"])
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await Http.GetAsync($"blobs{owner}", Cancel)).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await Http.DeleteAsync($"blobs/{data}{owner}", Cancel)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync($"blobs/{data}", Cancel)).StatusCode);

        async Task<string> Put(byte[] content, string? owner)
        {
            var sha = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
            Assert.Equal(HttpStatusCode.Created, (await Http.PutAsync($"blobs/{sha}{(owner is null ? "" : $"?owner={owner}")}", new ByteArrayContent(content), Cancel)).StatusCode);
            return sha;
        }
    }

    [Fact]
    public async Task A_study_is_paused_extended_given_trials_resumed_and_stopped()
    {
        await Http.PostAsync("studies", Yaml(Study.Replace("trials: 6", "time: 1h", StringComparison.Ordinal)), Cancel);
        Assert.Equal("paused", await State("pause"));
        Assert.Equal("paused", await State("pause"));
        Assert.Equal("paused", await State("enqueue", """{"parameters": {"x1": 1.5, "x2": 2}}"""));
        Assert.Equal("paused", await State("enqueue", """[{"x1": 2.5}, {"x2": 3}]"""));
        Assert.Equal("running", await State("resume"));
        var trials = await Eventually(async () => (await Json(await Http.GetAsync("studies/hills/trials", Cancel))).GetProperty("items").EnumerateArray().Select(t => t.GetProperty("parameters")).ToList(),
            found => found.Exists(p => p.GetProperty("x2").GetDouble() == 3));
        Assert.Contains(trials, p => p.GetProperty("x1").GetDouble() == 1.5 && p.GetProperty("x2").GetDouble() == 2);
        Assert.Equal("stopped", await State("stop"));
        Assert.Equal("stopped", await State("stop"));

        var refused = await Http.PostAsync("studies/hills/pause", null, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("study 'hills' has ended", (await Json(refused)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finished_study_goes_on_with_a_larger_budget()
    {
        await Http.PostAsync("studies", Yaml(Study), Cancel);
        await Follow("hills");
        Assert.Equal("running", await State("extend", """{"trials": 9}"""));
        await Eventually(async () => await Json(await Http.GetAsync("studies/hills", Cancel)), s => s.GetProperty("counts").GetProperty("complete").GetInt32() == 9);
        Assert.Empty((await HttpGateway.At(_api!.Address.ToString()).Audit("hills", Cancel))!.Faults);
    }

    [Theory]
    [InlineData("studies", "name: hills", 400, "faults")]
    [InlineData("studies", "name: a\ndata: { source: x.csv, target: y }\nparameters: { learning_rate: { type: float, low: 0.1, high: 1 } }\nbudget: { trials: 1 }", 400, "names its data by hash")]
    [InlineData("studies/hills/pause", "", 404, "There is no study 'hills'.")]
    [InlineData("studies/valleys/extend", "{\"trails\": 3}", 400, "'trails' cannot be extended")]
    [InlineData("studies/valleys/extend", "{\"trials\": 0}", 400, "trials is a whole number from 1 on, not 0")]
    [InlineData("studies/valleys/extend", "trials", 400, "the body is no JSON")]
    [InlineData("studies/valleys/enqueue", "{\"x1\": 99}", 400, "x1 cannot be 99")]
    [InlineData("studies/valleys/enqueue", "[]", 400, "no set of parameters")]
    [InlineData("workers/nobody/drain", "", 404, "There is no worker 'nobody'.")]
    public async Task Wrong_requests_are_problems_that_say_what_to_do(string path, string body, int status, string says)
    {
        await Http.PostAsync("studies", Yaml(Study.Replace("hills", "valleys", StringComparison.Ordinal)), Cancel);
        var response = await Http.PostAsync(path, Yaml(body), Cancel);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(says, (await Json(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_of_a_study_file_come_each_with_its_place()
    {
        var errors = (await Json(await Http.PostAsync("studies", Yaml(Study.Replace("branin", "brani", StringComparison.Ordinal).Replace("high: 15", "high: -1", StringComparison.Ordinal)), Cancel))).GetProperty("errors").EnumerateArray().ToList();

        Assert.Equal(2, errors.Count);
        Assert.Equal((2, 36), (errors[0].GetProperty("line").GetInt32(), errors[0].GetProperty("column").GetInt32()));
        Assert.Equal("objective.name", errors[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task Blobs_are_kept_by_content_and_served_in_ranges()
    {
        var bytes = Encoding.ASCII.GetBytes("x,y\n1,2\n");
        var sha = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Equal(HttpStatusCode.NotFound, (await Http.GetAsync($"blobs/{sha}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Http.PutAsync($"blobs/{new string('0', 64)}", new ByteArrayContent(bytes), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Http.PutAsync("blobs/x", new ByteArrayContent(bytes), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await Http.PutAsync($"blobs/{sha}", new ByteArrayContent(bytes), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Http.PutAsync($"blobs/{sha}", new ByteArrayContent(bytes), Cancel)).StatusCode);
        Assert.Equal(bytes, await Http.GetByteArrayAsync($"blobs/{sha}", Cancel));
        using var part = new HttpRequestMessage(HttpMethod.Get, $"blobs/{sha}") { Headers = { Range = new(4, 6) } };
        var partial = await Http.SendAsync(part, Cancel);
        Assert.Equal((HttpStatusCode.PartialContent, "1,2"), (partial.StatusCode, await partial.Content.ReadAsStringAsync(Cancel)));
    }

    [Theory]
    [InlineData("Host", "evil.example", 421)]
    [InlineData("Origin", "http://evil.example", 403)]
    public async Task Foreign_pages_may_change_nothing(string header, string value, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "studies") { Content = Yaml(Study) };
        request.Headers.TryAddWithoutValidation(header, value);

        Assert.Equal(status, (int)(await Http.SendAsync(request, Cancel)).StatusCode);
        Assert.Empty((await Json(await Http.GetAsync("studies", Cancel))).EnumerateArray());
    }

    [Fact]
    public async Task Health_and_description_are_there()
    {
        Assert.Equal("alive", await Http.GetStringAsync(new Uri(_api!.Address, "healthz/live"), Cancel));
        Assert.Equal("ready", await Http.GetStringAsync(new Uri(_api.Address, "healthz/ready"), Cancel));
        string metrics;
        do
        {
            metrics = await Http.GetStringAsync(new Uri(_api.Address, "metrics"), Cancel);
        }
        while (!metrics.Contains("tuning_workers 1\n", StringComparison.Ordinal));

        foreach (var line in (string[])["tuning_trials_pending 0", "tuning_worker_slots 2", "# TYPE tuning_trials gauge"])
        {
            Assert.Contains($"{line}\n", metrics, StringComparison.Ordinal);
        }
        using var description = JsonDocument.Parse(await Http.GetStringAsync(new Uri(_api.Address, "openapi/v1.json"), Cancel));
        Assert.True(description.RootElement.GetProperty("paths").TryGetProperty("/api/v1/studies/{name}/trials", out _));
    }

    private async Task<List<(long Sequence, string Type)>> Follow(string study, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"studies/{study}/events");
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var events = new List<(long, string)>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(Cancel)).EnumerateAsync(Cancel))
        {
            events.Add((long.Parse(item.EventId!, System.Globalization.CultureInfo.InvariantCulture), item.EventType));
            if (item.EventType == "studyFinished")
            {
                break;
            }
        }

        return events;
    }

    private async Task<string?> State(string verb, string? body = null)
    {
        var response = await Http.PostAsync($"studies/hills/{verb}", body is null ? null : Yaml(body), Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await Json(response)).GetProperty("state").GetString();
    }

    private static async Task<T> Eventually<T>(Func<Task<T>> look, Func<T, bool> isThere)
    {
        while (true)
        {
            if (await look() is var found && isThere(found))
            {
                return found;
            }

            await Task.Delay(20, Cancel);
        }
    }
}
