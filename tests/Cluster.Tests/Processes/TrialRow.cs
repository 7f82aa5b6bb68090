using System.Globalization;
using System.Text.Json;

namespace TuningCluster.Cluster.Tests.Processes;

/// <summary>A trial as <c>tuning trials -o json</c> prints it. Texts are as printed, so that equal means equal to the last bit.</summary>
/// <param name="Value">"null" unless complete.</param>
/// <param name="Curve">Intermediate values.</param>
internal sealed record TrialRow(int Number, string State, string Value, string Parameters, string Curve, string? Worker, int Attempts, string? Reason)
{
    private static readonly string[] Final = ["complete", "pruned", "failed", "diverged", "cancelled"];

    public bool IsFinal => Final.Contains(State);

    public double Objective() => double.Parse(Value, CultureInfo.InvariantCulture);

    /// <summary>What does not depend on who ran it and how often.</summary>
    public (int Number, string State, string Value, string Parameters, string Curve) Result => (Number, State, Value, Parameters, Curve);

    public static IReadOnlyList<TrialRow> Read(JsonElement array) => [.. array.EnumerateArray().Select(t => new TrialRow(
        t.GetProperty("number").GetInt32(),
        t.GetProperty("state").GetString()!,
        t.GetProperty("value").GetRawText(),
        t.GetProperty("parameters").GetRawText(),
        t.GetProperty("intermediate").GetRawText(),
        t.GetProperty("worker").GetString(),
        t.GetProperty("attempts").GetInt32(),
        t.GetProperty("reason").GetString()))];
}
