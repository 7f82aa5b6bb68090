using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Api;

/// <summary>Data sets and weights, by content.</summary>
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

    private static IResult NoBlob(string sha256) => Problems.Of(StatusCodes.Status404NotFound, $"There is no blob {sha256}.", "PUT it first.");

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Address();
}
