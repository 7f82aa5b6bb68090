namespace TuningCluster.Benchmarks.Contests;

/// <summary>Measures contestants in turn, so that a disturbance of the machine meets all of them.</summary>
internal static class Rounds
{
    /// <param name="count">Rounds that count; one more warms up. An odd number keeps every median a measured value.</param>
    /// <param name="contestants">Asked in this order in every round; null answers are those of missing ones.</param>
    /// <returns>The median of each contestant's answers.</returns>
    public static double?[] Medians(int count, params IReadOnlyList<Func<double>?> contestants)
    {
        var answers = contestants.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= count; round++)
        {
            for (var i = 0; i < contestants.Count; i++)
            {
                if (contestants[i]?.Invoke() is { } answer && round > 0)
                {
                    answers[i].Add(answer);
                }
            }
        }

        return [.. answers.Select(of => of.Count == 0 ? (double?)null : Median.Of(of))];
    }
}
