namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>When hyperparameters are fitted, to which trials, and which trials the model holds: functions of the number of finished trials.</summary>
internal static class FitSchedule
{
    /// <summary>Up to so many every trial.</summary>
    private const int EveryTrial = 24;
    private const double Growth = 1.12;

    /// <summary>Trials that hyperparameters are fitted to at most.</summary>
    private const int MostFitted = 320;

    /// <summary>Trials that the model holds at most at a fit; later ones are added until the next.</summary>
    private const int MostHeld = 2000;

    /// <summary>The last count ≤ <paramref name="finished"/> at which is fitted.</summary>
    public static int CountFor(int finished)
    {
        if (finished <= EveryTrial)
        {
            return finished;
        }

        for (var count = EveryTrial; ;)
        {
            var next = (int)Math.Ceiling(count * Growth);
            if (next > finished)
            {
                return count;
            }

            count = next;
        }
    }

    /// <summary>Of the first trials, those that hyperparameters are fitted to.</summary>
    public static int[] Fitted(IReadOnlyList<double> losses, int count) => Chosen(losses, count, MostFitted);

    /// <summary>Of the first trials, those that the model holds: all up to 2,000, then a quarter of that the best, the rest evenly over time.</summary>
    public static int[] Held(IReadOnlyList<double> losses, int count) => Chosen(losses, count, MostHeld);

    private static int[] Chosen(IReadOnlyList<double> losses, int count, int most)
    {
        if (count <= most)
        {
            return [.. Enumerable.Range(0, count)];
        }

        var best = Enumerable.Range(0, count).OrderBy(i => losses[i]).ThenBy(i => i).Take(most / 4).ToHashSet();
        var others = Enumerable.Range(0, count).Where(i => !best.Contains(i)).ToArray();
        var left = most - best.Count;
        for (var i = 0; i < left; i++)
        {
            best.Add(others[(int)((long)i * others.Length / left)]);
        }

        return [.. best.Order()];
    }
}
