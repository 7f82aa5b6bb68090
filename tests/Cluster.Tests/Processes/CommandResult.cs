using System.Text.Json;

namespace TuningCluster.Cluster.Tests.Processes;

/// <summary>What a command left when it ended.</summary>
/// <param name="Command">As typed.</param>
/// <param name="Code">Exit code; 128 + number of the signal that killed it.</param>
/// <param name="Out">stdout.</param>
/// <param name="Error">stderr.</param>
internal sealed record CommandResult(string Command, int Code, string Out, string Error)
{
    /// <summary>stdout as the one JSON value it must be.</summary>
    public JsonElement Json()
    {
        try
        {
            using var document = JsonDocument.Parse(Out);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Not one JSON value: {e.Message}\n{this}", e);
        }
    }

    public CommandResult MustEndWith(int code)
    {
        Assert.True(Code == code, $"Exit code {Code} instead of {code}: {this}");
        return this;
    }

    public override string ToString() => $"{Command}\n--- exit code {Code}; stdout:\n{Out}\n--- stderr:\n{Error}\n---";
}
