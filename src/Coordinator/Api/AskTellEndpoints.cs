using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Api;

/// <summary>Trials of external studies, for programs of any language.</summary>
internal static class AskTellEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var study = app.MapGroup("/api/v1/studies/{name}").WithTags("ask and tell");
        study.MapPost("/ask", Ask).WithSummary("A trial to evaluate, or with `count` a list of them; `leaseSeconds` (60) of silence give it back.");
        study.MapPost("/trials/{number:int}/report", Report).WithSummary("The objective after a step; answers whether the program may stop.");
        study.MapPost("/trials/{number:int}/heartbeat", Heartbeat).WithSummary("The program lives.");
        study.MapPost("/trials/{number:int}/tell", Tell).WithSummary("What came of a trial: a value, or state failed, diverged or pruned.");
    }

    private static async Task<IResult> Ask(string name, HttpRequest request, IStudyHost host, CancellationToken cancel)
    {
        var (count, lease) = AskTellJson.ReadAsk(await ApiText.Of(request, cancel));
        return await host.AskTell.Ask(name, count ?? 1, lease, cancel) is not { } asked ? Problems.NoStudy(name)
            : count is null ? ApiJson.Of(AskTellJson.Write(asked[0]))
            : ApiJson.Of(asked.Select(AskTellJson.Write));
    }

    private static async Task<IResult> Report(string name, int number, HttpRequest request, IStudyHost host, CancellationToken cancel)
    {
        var (attempt, value) = AskTellJson.ReadReport(await ApiText.Of(request, cancel));
        return await Missing(name, number, host, cancel) ?? Stop(await host.AskTell.Report(name, number, attempt, value, cancel));
    }

    private static async Task<IResult> Heartbeat(string name, int number, HttpRequest request, IStudyHost host, CancellationToken cancel)
    {
        var attempt = AskTellJson.ReadHeartbeat(await ApiText.Of(request, cancel));
        return await Missing(name, number, host, cancel) ?? Stop(await host.AskTell.Report(name, number, attempt, null, cancel));
    }

    private static async Task<IResult> Tell(string name, int number, HttpRequest request, IStudyHost host, CancellationToken cancel)
    {
        var told = AskTellJson.ReadTell(await ApiText.Of(request, cancel));
        return await Missing(name, number, host, cancel) ?? ApiJson.Of(ViewJson.Trial(await host.AskTell.Tell(name, number, told, cancel)));
    }

    private static IResult Stop(bool stop) => ApiJson.Of(new JsonObject { ["stop"] = stop });

    private static async Task<IResult?> Missing(string name, int number, IStudyHost host, CancellationToken cancel) =>
        await host.TrialPage(name, number, 1, cancel) is not { } page ? Problems.NoStudy(name)
        : page.Items.Count == 0 ? Problems.NoTrial(name, number, page.Total)
        : null;
}
