namespace TuningCluster.TrialWorker.Networks;

/// <summary>The study file's words for the choices of an enumeration.</summary>
internal static class Words
{
    /// <exception cref="ArgumentException">No such word.</exception>
    public static T Parse<T>((string Word, T Kind)[] table, string word, string what)
    {
        foreach (var entry in table)
        {
            if (entry.Word == word)
            {
                return entry.Kind;
            }
        }

        throw new ArgumentException($"'{word}' is no {what}.", nameof(word));
    }

    public static string Of<T>((string Word, T Kind)[] table, T kind)
        where T : struct, Enum => Array.Find(table, e => EqualityComparer<T>.Default.Equals(e.Kind, kind)).Word
            ?? throw new ArgumentOutOfRangeException(nameof(kind));
}
