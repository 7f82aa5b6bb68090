using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Api;

/// <summary>Studies and their trials.</summary>
internal static class StudyEndpoints
{
    private const int DefaultLimit = 1000;

    public static void Map(IEndpointRouteBuilder app)
    {
        var studies = app.MapGroup("/api/v1/studies").WithTags("studies");
        studies.MapGet("", async (IStudyHost host, CancellationToken cancel) => ApiJson.Of((await host.Studies(cancel)).Select(ViewJson.Study)))
            .WithSummary("Every study, by name.");
        studies.MapPost("", Submit).Accepts<string>("application/yaml", "application/json").WithSummary("Creates a study, or goes on with the one of that name, from a study file as YAML or JSON whose data is named by SHA-256.");
        studies.MapGet("/{name}", async (string name, IStudyHost host, CancellationToken cancel) => Found(name, await host.Show(name, cancel), ViewJson.Study))
            .WithSummary("Where a study stands.");
        studies.MapGet("/{name}/best", async (string name, IStudyHost host, CancellationToken cancel) => Found(name, await host.Show(name, cancel), Best))
            .WithSummary("The best trial; of several objectives the front.");
        studies.MapGet("/{name}/trials", Trials).WithSummary("Trials by number: those after `after`, at most `limit` of them.");
        studies.MapGet("/{name}/trials/{number:int}", Trial).WithSummary("One trial.");
        studies.MapGet("/{name}/audit", async (string name, IStudyHost host, CancellationToken cancel) => Found(name, await host.Audit(name, cancel), ViewJson.Audit))
            .WithSummary("What the journal proves.");
        studies.MapGet("/{name}/replay", async (string name, IStudyHost host, CancellationToken cancel) => Found(name, await host.Replay(name, cancel), ViewJson.Replay))
            .WithSummary("Every suggestion drawn again.");
        studies.MapGet("/{name}/importance", async (string name, IStudyHost host, CancellationToken cancel) =>
            Found(name, await host.Importance(name, cancel), shares => ApiJson.List(shares.Select(ViewJson.Importance)))).WithSummary("Which parameters matter.");
        studies.MapGet("/{name}/events", Events).WithSummary("The journal and what happens next, as server-sent events; Last-Event-ID resumes.");
        studies.MapPost("/{name}/pause", (string name, IStudyHost host, CancellationToken cancel) => Act(name, new StudyAction.Pause(), host, cancel)).WithSummary("Hands out no more trials.");
        studies.MapPost("/{name}/resume", (string name, IStudyHost host, CancellationToken cancel) => Act(name, new StudyAction.Resume(), host, cancel)).WithSummary("Goes on.");
        studies.MapPost("/{name}/stop", (string name, IStudyHost host, CancellationToken cancel) => Act(name, new StudyAction.Stop(), host, cancel)).WithSummary("Ends the study.");
        studies.MapPost("/{name}/extend", Extend).WithSummary("Another budget: trials, time, target, patience, failures, parallel.");
        studies.MapPost("/{name}/enqueue", Enqueue).WithSummary("Sets of parameters to be tried next.");
        studies.MapPost("/{name}/retry-failed", async (string name, IStudyHost host, CancellationToken cancel) => Found(name, await host.RetryFailed(name, cancel), ViewJson.Retry))
            .WithSummary("Runs failed trials again, as new ones.");
        studies.MapDelete("/{name}", async (string name, IStudyHost host, CancellationToken cancel) => await host.Delete(name, cancel) ? Results.NoContent() : Problems.NoStudy(name))
            .WithSummary("Deletes a study with everything it left.");
    }

    private static async Task<IResult> Submit(HttpRequest request, IStudyHost host, bool? fresh, CancellationToken cancel)
    {
        var spec = StudyFile.Parse(await ApiText.Of(request, cancel), "study").SpecOrThrow();
        var (study, created) = await host.Submit(spec, fresh ?? false, cancel);
        if (created)
        {
            request.HttpContext.Response.Headers.Location = $"/api/v1/studies/{study.Name}";
        }

        return ApiJson.Of(ViewJson.Study(study), created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static JsonNode? Best(StudyView study) =>
        study.Objectives.Count > 1 ? ApiJson.List(study.Best.Select(ViewJson.Best)) : study.Best is [var best] ? ViewJson.Best(best) : null;

    private static async Task<IResult> Trials(string name, int? after, int? limit, IStudyHost host, CancellationToken cancel)
    {
        if (limit is < 1 || after is < -1)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, limit is < 1 ? $"limit must be at least 1, not {limit}." : $"after is a trial's number, not {after}.", "?after=99&limit=100");
        }

        return Found(name, await host.TrialPage(name, (after ?? -1) + 1, limit ?? DefaultLimit, cancel), page => new JsonObject
        {
            ["items"] = ApiJson.List(page.Items.Select(ViewJson.Trial)),
            ["next"] = page.Items.Count > 0 && page.Items[^1].Number < page.Total - 1 ? page.Items[^1].Number : null,
        });
    }

    private static async Task<IResult> Trial(string name, int number, IStudyHost host, CancellationToken cancel) =>
        await host.TrialPage(name, Math.Max(0, number), 1, cancel) is not { } page ? Problems.NoStudy(name)
        : page.Items is [var trial] && trial.Number == number ? ApiJson.Of(ViewJson.Trial(trial))
        : Problems.NoTrial(name, number, page.Total);

    private static async Task<IResult> Act(string name, StudyAction action, IStudyHost host, CancellationToken cancel) =>
        Found(name, await host.Act(name, action, cancel), ViewJson.Study);

    private static async Task<IResult> Extend(string name, HttpRequest request, IStudyHost host, CancellationToken cancel) =>
        await Act(name, ActionJson.ReadExtend(await ApiText.Of(request, cancel)), host, cancel);

    private static async Task<IResult> Enqueue(string name, HttpRequest request, IStudyHost host, CancellationToken cancel)
    {
        var text = await ApiText.Of(request, cancel);
        return await host.Space(name, cancel) is { } space ? await Act(name, ActionJson.ReadEnqueue(text, space), host, cancel) : Problems.NoStudy(name);
    }

    private static async Task<IResult> Events(string name, HttpRequest request, IStudyHost host, long? after, CancellationToken cancel)
    {
        var last = request.Headers["Last-Event-ID"].ToString();
        if (last.Length > 0 && !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return Problems.Of(StatusCodes.Status400BadRequest, $"Last-Event-ID is the number of an event, not '{last}'.", "Send what the last event's id was, or leave the header out.");
        }

        var from = last.Length > 0 ? long.Parse(last, CultureInfo.InvariantCulture) : after ?? 0;
        return await host.Events(name, from, cancel) is { } events ? TypedResults.ServerSentEvents(EventStream.Of(events, TimeProvider.System, cancel)) : Problems.NoStudy(name);
    }

    private static IResult Found<T>(string name, T? value, Func<T, JsonNode?> json)
        where T : class => value is null ? Problems.NoStudy(name) : ApiJson.Of(json(value));
}
