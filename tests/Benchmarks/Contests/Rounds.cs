using System.Globalization;
using System.Text.Json;

namespace TuningCluster.Benchmarks.Contests;

/// <summary>One contestant's part of a round.</summary>
/// <param name="Who">A missing one is passed over.</param>
/// <param name="Question">A line of JSON.</param>
/// <param name="Threads">How many it computes with.</param>
internal sealed record Turn(Contestant Who, string Question, int Threads)
{
    /// <param name="question">As the contestant reads it.</param>
    public static Turn Of<T>(Contestant who, T question, int threads = 1) =>
        new(who, JsonSerializer.Serialize(question, JsonSerializerOptions.Web), threads);
}

/// <summary>Measures contestants in turn, so that whatever the machine does meets all of them.</summary>
internal static class Rounds
{
    /// <summary>A round in which somebody had less of his processors was disturbed.</summary>
    private const double FairShare = 0.95;

    /// <summary>The median of each turn's answers; null for those of missing contestants.</summary>
    /// <remarks>
    /// Rounds in which other work took processor time from a contestant are replaced by further ones; when too many were, the least
    /// disturbed count, and it is said. Which rounds count depends on that time alone, never on what was measured.
    /// </remarks>
    /// <param name="count">Rounds that count; one more warms up.</param>
    /// <param name="tries">Rounds at most, at least as many as <paramref name="count"/>.</param>
    /// <param name="turns">Taken in this order in every round.</param>
    public static double?[] Medians(int count, int tries, TextWriter progress, params IReadOnlyList<Turn> turns)
    {
        Take(turns);
        var rounds = new List<Answer?[]>();
        while (rounds.Count(IsFair) < count && rounds.Count < tries)
        {
            rounds.Add(Take(turns));
        }

        var kept = rounds.OrderByDescending(LeastShare).Take(count).ToArray();
        if (!kept.All(IsFair))
        {
            progress.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The machine is busy with other work: contestants had as little as {kept.Min(LeastShare):P0} of their processors. Measure again."));
        }

        return [.. turns.Select((turn, i) => turn.Who.IsMissing ? (double?)null : Median.Of(kept.Select(round => round[i]!.Value.Value)))];
    }

    private static Answer?[] Take(IReadOnlyList<Turn> turns) =>
        [.. turns.Select(turn => turn.Who.IsMissing ? (Answer?)null : turn.Who.Measure(turn.Question, turn.Threads))];

    private static bool IsFair(Answer?[] round) => LeastShare(round) >= FairShare;

    private static double LeastShare(Answer?[] round) => round.Min(answer => answer?.Share ?? 1);
}
