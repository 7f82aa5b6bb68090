using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TuningCluster.Coordinator.Search.Importance;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Api;

/// <summary>The studies of a coordinator, over its HTTP API.</summary>
/// <param name="client">With the coordinator's URL as its base address.</param>
public sealed class HttpGateway(HttpClient client) : IStudyGateway
{
    /// <summary>More than the coordinator's own patience with its store.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <param name="url">As typed: a URL or host:port.</param>
    /// <param name="handler">Knows whom to believe.</param>
    /// <param name="authorization">What is shown; null for nothing.</param>
    /// <exception cref="StoreException">It is no address.</exception>
    public static HttpGateway At(string url, HttpMessageHandler? handler = null, AuthenticationHeaderValue? authorization = null) => ApiAddress.Parse(url) is { } address
        ? new HttpGateway(new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = address, Timeout = Patience, DefaultRequestHeaders = { Authorization = authorization } })
        : throw new StoreException($"'{url}' is no address of a coordinator.", "Write a URL or host:port, e.g. --to http://127.0.0.1:8080.");

    public Uri Address => client.BaseAddress!;

    public async Task<IReadOnlyList<StudyView>> Studies(CancellationToken cancel) =>
        await Get("studies", json => json.EnumerateArray().Select(ViewJsonReader.Study).ToList(), cancel).ConfigureAwait(false) ?? [];

    public Task<StudyView?> Show(string name, CancellationToken cancel) => Get(Path(name), ViewJsonReader.Study, cancel);

    public async Task<IReadOnlyList<TrialView>?> Trials(string name, CancellationToken cancel)
    {
        var trials = new List<TrialView>();
        for (int? after = -1; after is { } last;)
        {
            var page = await Get($"{Path(name)}/trials?after={last}", json => (
                Items: json.GetProperty("items").EnumerateArray().Select(ViewJsonReader.Trial).ToList(),
                Next: json.GetProperty("next") is { ValueKind: JsonValueKind.Number } next ? next.GetInt32() : (int?)null).ToTuple(), cancel).ConfigureAwait(false);
            if (page is null)
            {
                return null;
            }

            trials.AddRange(page.Item1);
            after = page.Item2;
        }

        return trials;
    }

    public Task<AuditReport?> Audit(string name, CancellationToken cancel) => Get($"{Path(name)}/audit", ViewJsonReader.Audit, cancel);

    public async Task<IReadOnlyList<ParameterShare>?> Importance(string name, CancellationToken cancel) =>
        await Get($"{Path(name)}/importance", json => json.EnumerateArray().Select(ViewJsonReader.Importance).ToList(), cancel).ConfigureAwait(false);

    public Task<ReplayReport?> Replay(string name, CancellationToken cancel) => Get($"{Path(name)}/replay", ViewJsonReader.Replay, cancel);

    public Task<StudyView?> Act(string name, StudyAction action, CancellationToken cancel)
    {
        var (verb, body) = action switch
        {
            StudyAction.Pause => ("pause", (JsonNode?)null),
            StudyAction.Resume => ("resume", null),
            StudyAction.Stop => ("stop", null),
            StudyAction.Extend extend => ("extend", ActionJson.Write(extend)),
            StudyAction.Enqueue enqueue => ("enqueue", ActionJson.Write(enqueue)),
            _ => throw new System.Diagnostics.UnreachableException($"No path for {action.GetType().Name}."),
        };
        return Send(HttpMethod.Post, $"{Path(name)}/{verb}", Json(body), ViewJsonReader.Study, cancel);
    }

    public Task<RetryReport?> RetryFailed(string name, CancellationToken cancel) =>
        Send(HttpMethod.Post, $"{Path(name)}/retry-failed", null, ViewJsonReader.Retry, cancel);

    public async Task<bool> Delete(string name, CancellationToken cancel)
    {
        using var response = await Send(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/{Path(name)}"), cancel).ConfigureAwait(false);
        return response.StatusCode != HttpStatusCode.NotFound;
    }

    /// <summary>Workers that were heard of lately, by name.</summary>
    public async Task<IReadOnlyList<WorkerView>> Workers(CancellationToken cancel) =>
        await Get("workers", json => json.EnumerateArray().Select(ViewJsonReader.Worker).ToList(), cancel).ConfigureAwait(false) ?? [];

    /// <summary>Has a worker hand back what it holds, and end.</summary>
    /// <returns>False when there is none of that name.</returns>
    public async Task<bool> DrainWorker(string name, CancellationToken cancel)
    {
        using var response = await Send(new HttpRequestMessage(HttpMethod.Post, $"/api/v1/workers/{Uri.EscapeDataString(name)}/drain"), cancel).ConfigureAwait(false);
        return response.StatusCode != HttpStatusCode.NotFound;
    }

    /// <summary>Uploads the data set unless the coordinator has it, and creates the study or goes on with it.</summary>
    /// <param name="spec">Resolved.</param>
    /// <param name="content">The bytes of its data set; null without one.</param>
    /// <param name="fresh">Archives a study of that name and begins anew.</param>
    /// <returns>The study, whether it was created, and whether the data set was sent.</returns>
    /// <exception cref="SpecException">The coordinator refuses it.</exception>
    public async Task<(StudyView Study, bool Created, bool Sent)> Submit(StudySpec spec, byte[]? content, bool fresh, CancellationToken cancel)
    {
        var sent = content is not null && await Upload(spec.Data!.Sha256!, content, cancel).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/studies{(fresh ? "?fresh=true" : "")}")
        {
            Content = new StringContent(StudyFile.Write(spec), Encoding.UTF8, "application/json"),
        };
        using var response = await Send(request, cancel).ConfigureAwait(false);
        return (ViewJsonReader.Study(await Body(response, cancel).ConfigureAwait(false)), response.StatusCode == HttpStatusCode.Created, sent);
    }

    /// <summary>The events of a study from one on, as the coordinator writes them, until the study or the connection ends.</summary>
    /// <param name="after">Number of the last event known.</param>
    /// <returns>Null when there is no such study.</returns>
    public async Task<Stream?> Events(string name, long after, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{Path(name)}/events?after={after}");
        var response = await Send(request, cancel, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
    }

    private async Task<bool> Upload(string sha256, byte[] content, CancellationToken cancel)
    {
        using var asked = await Send(new HttpRequestMessage(HttpMethod.Head, $"/api/v1/blobs/{sha256}"), cancel).ConfigureAwait(false);
        if (asked.IsSuccessStatusCode)
        {
            return false;
        }

        using var put = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/blobs/{sha256}") { Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } } };
        using var done = await Send(put, cancel).ConfigureAwait(false);
        return true;
    }

    private static string Path(string name) => $"studies/{Uri.EscapeDataString(name)}";

    private static StringContent? Json(JsonNode? body) => body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");

    private Task<T?> Get<T>(string path, Func<JsonElement, T> read, CancellationToken cancel)
        where T : class => Send(HttpMethod.Get, path, null, read, cancel);

    /// <summary>Null when there is nothing of that name.</summary>
    private async Task<T?> Send<T>(HttpMethod method, string path, HttpContent? content, Func<JsonElement, T> read, CancellationToken cancel)
        where T : class
    {
        using var response = await Send(new HttpRequestMessage(method, $"/api/v1/{path}") { Content = content }, cancel).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NotFound ? null : read(await Body(response, cancel).ConfigureAwait(false));
    }

    /// <summary>An answer that is a success, or a 404; every other one as the exception it was made of.</summary>
    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancel, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, completion, cancel).ConfigureAwait(false);
        }
        catch (HttpRequestException unreachable) when (unreachable.GetBaseException() is AuthenticationException distrusted)
        {
            throw new StoreException(
                $"{client.BaseAddress!.Authority} is not believed: {distrusted.Message.TrimEnd('.')}.", "Set TUNING__Certs to a folder with the ca.crt that signed its certificate.", unreachable);
        }
        catch (OperationCanceledException late) when (late.InnerException is TimeoutException)
        {
            throw new StoreException($"{client.BaseAddress!.Authority} does not answer: {late.InnerException.Message}", "Send it again, or name another coordinator with --to: whatever was asked may be asked twice.", late);
        }
        catch (HttpRequestException unreachable)
        {
            throw new StoreException(
                $"No coordinator answers at {client.BaseAddress!.Authority}: {unreachable.Message}", "Start one with 'tuning coordinator', or name another with --to.", unreachable);
        }

        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound)
        {
            return response;
        }

        using (response)
        {
            throw await Refusal(response, cancel).ConfigureAwait(false);
        }
    }

    private async Task<Exception> Refusal(HttpResponseMessage response, CancellationToken cancel)
    {
        JsonElement problem;
        try
        {
            problem = await Body(response, cancel).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return new StoreException($"{client.BaseAddress!.Authority} answered {(int)response.StatusCode}, not as a coordinator does.", "Name the coordinator's --http address with --to.");
        }

        var detail = problem.TryGetProperty("detail", out var text) ? text.GetString()! : $"The coordinator answered {(int)response.StatusCode}.";
        var hint = problem.TryGetProperty("hint", out var told) ? told.GetString()! : "";
        return response.StatusCode switch
        {
            HttpStatusCode.BadRequest when problem.TryGetProperty("errors", out var errors) => new SpecException([.. errors.EnumerateArray().Select(e => new SpecError(
                e.GetProperty("path").GetString()!, e.GetProperty("problem").GetString()!, e.GetProperty("hint").GetString(), e.GetProperty("line").GetInt32(), e.GetProperty("column").GetInt32()))]),
            HttpStatusCode.BadRequest => new SpecException([new SpecError("", detail, hint)]),
            HttpStatusCode.Conflict => new ConflictException(detail, hint),
            _ => new StoreException(detail, hint),
        };
    }

    private static async Task<JsonElement> Body(HttpResponseMessage response, CancellationToken cancel)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false));
        return json.RootElement.Clone();
    }
}
