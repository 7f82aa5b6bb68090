namespace TuningCluster.TrialWorker.Data;

/// <summary>Tells many names in one readable line.</summary>
internal static class NameList
{
    private const int Shown = 8;

    /// <summary><c>a, b, c</c>, or the first eight and how many more.</summary>
    public static string Join(IReadOnlyList<string> names) =>
        names.Count <= Shown
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(Shown))} and {names.Count - Shown} more";
}
