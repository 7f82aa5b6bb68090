namespace TuningCluster.Shared.Text;

/// <summary>Guesses the name someone meant to type.</summary>
public static class NearestName
{
    /// <summary>The name closest to <paramref name="word"/> by edit distance, letters' case ignored.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="names">The right names.</param>
    /// <returns>Null when none is near: more than a third of the longer word's characters (but at least one) would have to be edited. The first of equally near ones wins.</returns>
    public static string? Find(string word, IEnumerable<string> names)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var name in names)
        {
            var allowed = Math.Max(1, Math.Max(word.Length, name.Length) / 3);
            var distance = Distance(word, name);
            if (distance <= allowed && distance < bestDistance && distance < Math.Max(word.Length, name.Length))
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return best;
    }

    // Optimal string alignment: Levenshtein's edits plus the swap of two neighbours, the commonest slip of the fingers.
    private static int Distance(string a, string b)
    {
        var beforePrevious = new int[b.Length + 1];
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = Same(a[i - 1], b[j - 1]);
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    current[j] = Math.Min(current[j], beforePrevious[j - 2] + 1);
                }
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[b.Length];
    }

    private static bool Same(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);
}
