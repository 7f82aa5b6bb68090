using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Api;

/// <summary>Data sets, weights and checkpoints, by content.</summary>
internal static partial class BlobEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var blobs = app.MapGroup("/api/v1/blobs").WithTags("blobs");
        blobs.MapGet("/{sha256}", async (string sha256, IStudyHost host, CancellationToken cancel) =>
            NoAddress(sha256) ?? (await host.GetBlob(sha256, cancel) is { } content ? Results.Bytes(content, "application/octet-stream", enableRangeProcessing: true) : NoBlob(sha256)))
            .WithSummary("The bytes; ranges are served.");
        blobs.MapMethods("/{sha256}", [HttpMethods.Head], async (string sha256, IStudyHost host, CancellationToken cancel) =>
            NoAddress(sha256) ?? (await host.HasBlob(sha256, cancel) ? Results.Ok() : NoBlob(sha256))).WithSummary("Whether it is there.");
        blobs.MapGet("/", async (string? owner, IStudyHost host, CancellationToken cancel) => CheckpointOwner.Parse(owner ?? "") is { } checkpoint
            ? Results.Json(await host.CheckpointBlobs(checkpoint, cancel))
            : NoCheckpoint(owner)).Produces<IReadOnlyList<string>>().WithSummary("The hashes of a checkpoint's bytes: one, or none.");
        blobs.MapDelete("/{sha256}", async (string sha256, string? owner, IStudyHost host, CancellationToken cancel) =>
        {
            if ((NoAddress(sha256) ?? (CheckpointOwner.Parse(owner ?? "") is null ? NoCheckpoint(owner) : null)) is { } fault)
            {
                return fault;
            }

            await host.ReleaseCheckpoint(CheckpointOwner.Parse(owner!)!.Value, sha256, cancel);
            return Results.NoContent();
        }).WithSummary("Lets go of a checkpoint; again does no harm.");
        blobs.MapPut("/{sha256}", Put).Accepts<byte[]>("application/octet-stream").WithSummary("Keeps bytes under their hash; again does no harm.");
    }

    private static async Task<IResult> Put(string sha256, HttpRequest request, IStudyHost host, string? owner, CancellationToken cancel)
    {
        if (NoAddress(sha256) is { } fault)
        {
            return fault;
        }

        if (owner is null && await host.HasBlob(sha256, cancel))
        {
            return Results.NoContent();
        }

        using var content = new MemoryStream(request.ContentLength is > 0 and <= int.MaxValue and var length ? (int)length : 0);
        await request.Body.CopyToAsync(content, cancel);
        try
        {
            await host.PutBlob(sha256, content.ToArray(), owner, cancel);
            return Results.StatusCode(StatusCodes.Status201Created);
        }
        catch (InvalidDataException wrong)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, wrong.Message, "Send the file's bytes as they are, and their SHA-256 in lower case.");
        }
    }

    private static IResult? NoAddress(string sha256) => Address().IsMatch(sha256)
        ? null
        : Problems.Of(StatusCodes.Status400BadRequest, $"'{sha256}' is no SHA-256 in lower-case hexadecimal.", "sha256sum FILE prints it.");

    private static IResult NoCheckpoint(string? owner) => Problems.Of(
        StatusCodes.Status400BadRequest, $"'{owner}' owns no checkpoint.", "Add ?owner=STUDY.NUMBER.checkpoint, or ?owner=STUDY.NUMBER.left; other blobs are the coordinator's own to list and to let go of.");

    private static IResult NoBlob(string sha256) => Problems.Of(StatusCodes.Status404NotFound, $"There is no blob {sha256}.", "PUT it first.");

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Address();
}
