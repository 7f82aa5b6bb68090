using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Api;

/// <summary>What an orchestrator asks.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        // A database that is down is no reason to restart this process: liveness asks nobody.
        app.MapGet("/healthz/live", () => Results.Text("alive")).WithTags("health").WithSummary("The process answers.");
        app.MapGet("/healthz/ready", async (IStudyHost host, CancellationToken cancel) =>
        {
            await host.Ready(cancel);
            return Results.Text("ready");
        }).WithTags("health").WithSummary("Store and coordinator answer; no worker is needed.");
    }
}
