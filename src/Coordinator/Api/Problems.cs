using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Serilog;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Api;

/// <summary>Faults as RFC 9457 problem details: <c>detail</c> says what and why, <c>hint</c> what to do, <c>errors</c> each wrong place of a study.</summary>
internal static class Problems
{
    /// <summary>Turns what endpoints throw into problems.</summary>
    public static async Task Catch(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            switch (e)
            {
                case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                    break;
                case SpecException spec:
                    await Write(context, StatusCodes.Status400BadRequest, spec.Errors.Count == 1 ? spec.Errors[0].Problem : $"The study has {spec.Errors.Count} faults.", null, spec.Errors).ConfigureAwait(false);
                    break;
                case ConflictException conflict:
                    await Write(context, StatusCodes.Status409Conflict, conflict.Message, conflict.Hint).ConfigureAwait(false);
                    break;
                case StoreException store:
                    Log.Error(store, "{Method} {Path}: {Reason}", context.Request.Method, context.Request.Path.Value, store.Message);
                    await Write(context, StatusCodes.Status503ServiceUnavailable, store.Message, store.Hint).ConfigureAwait(false);
                    break;
                case BlobQuotaException quota:
                    await Write(context, StatusCodes.Status507InsufficientStorage, quota.Message, null).ConfigureAwait(false);
                    break;
                case BadHttpRequestException bad:
                    await Write(context, bad.StatusCode, bad.Message, null).ConfigureAwait(false);
                    break;
                default:
                    Log.Error(e, "{Method} {Path} failed: {Reason}", context.Request.Method, context.Request.Path.Value, e.Message);
                    await Write(context, StatusCodes.Status500InternalServerError, "The coordinator failed; its log says why.", null).ConfigureAwait(false);
                    break;
            }
        }
    }

    public static Task Write(HttpContext context, int status, string detail, string? hint, IReadOnlyList<SpecError>? errors = null) =>
        Of(status, detail, hint, errors).ExecuteAsync(context);

    public static IResult Of(int status, string detail, string? hint, IReadOnlyList<SpecError>? errors = null)
    {
        var more = new Dictionary<string, object?>();
        if (hint is not null)
        {
            more["hint"] = hint;
        }

        if (errors is not null)
        {
            more["errors"] = new JsonArray([.. errors.Select(e => new JsonObject
            {
                ["path"] = e.Path, ["problem"] = e.Problem, ["hint"] = e.Hint, ["line"] = e.Line, ["column"] = e.Column,
            })]);
        }

        return Results.Problem(detail: detail, statusCode: status, extensions: more);
    }

    /// <param name="total">How many there are.</param>
    public static IResult NoTrial(string name, int number, int total) =>
        Of(StatusCodes.Status404NotFound, $"Study '{name}' has no trial {number}.", $"It has {total} trials; their numbers begin at 0.");

    public static IResult NoStudy(string name) => Of(StatusCodes.Status404NotFound, $"There is no study '{name}'.", "GET /api/v1/studies lists them.");
}
