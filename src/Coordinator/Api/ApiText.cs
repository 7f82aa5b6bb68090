using Microsoft.AspNetCore.Http;

namespace TuningCluster.Coordinator.Api;

/// <summary>Bodies that are texts: study files, actions, what programs tell.</summary>
internal static class ApiText
{
    private const int Longest = 4 << 20;

    /// <exception cref="BadHttpRequestException">The body says that it is longer than a text may be.</exception>
    public static async Task<string> Of(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > Longest)
        {
            throw new BadHttpRequestException($"The body has {request.ContentLength} bytes; {Longest} are allowed here.", StatusCodes.Status413PayloadTooLarge);
        }

        using var reader = new StreamReader(request.Body);
        return await reader.ReadToEndAsync(cancel);
    }
}
