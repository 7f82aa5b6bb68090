using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Api;

/// <summary>Workers.</summary>
internal static class WorkerEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var workers = app.MapGroup("/api/v1/workers").WithTags("workers");
        workers.MapGet("", async (IStudyHost host, CancellationToken cancel) =>
            ApiJson.Of((await host.Workers(cancel)).Select(ViewJson.Worker))).WithSummary("Workers that were heard of in the last ten minutes, by name.");
        workers.MapPost("/{id}/drain", async (string id, IStudyHost host, CancellationToken cancel) => await host.DrainWorker(id, cancel)
            ? Results.Accepted()
            : Problems.Of(StatusCodes.Status404NotFound, $"There is no worker '{id}'.", "GET /api/v1/workers lists them.")).WithSummary("Has a worker hand back what it holds and take nothing more.");
    }
}
