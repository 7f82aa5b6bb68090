using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TuningCluster.Coordinator.Api;

/// <summary>Answers in JSON, spelled as the command line spells it.</summary>
internal static class ApiJson
{
    /// <param name="json">Null for <c>null</c>.</param>
    public static IResult Of(JsonNode? json, int status = StatusCodes.Status200OK) => Results.Text(json?.ToJsonString() ?? "null", "application/json", statusCode: status);

    public static IResult Of(IEnumerable<JsonObject> items) => Of(List(items));

    public static JsonArray List(IEnumerable<JsonObject> items) => new([.. items]);
}
