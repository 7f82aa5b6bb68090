namespace TuningCluster.Architecture.Tests.Reading;

/// <summary>One type uses another.</summary>
/// <param name="Assembly">Simple name of the using type's assembly.</param>
/// <param name="From">Full name of the using type; nested and compiler-made types count as their outermost one.</param>
/// <param name="To">Full name of the used type, outermost too; never equal to <paramref name="From"/>.</param>
/// <param name="Member">The member called or read, as in metadata (<c>get_UtcNow</c>); null when the type itself is named.</param>
internal sealed record Use(string Assembly, string From, string To, string? Member)
{
    /// <summary>Whether the using type is one of <paramref name="rooms"/> (namespaces or types) or lies in one.</summary>
    public bool IsFrom(params ReadOnlySpan<string> rooms) => LiesIn(From, rooms);

    /// <summary>Whether the used type is one of <paramref name="rooms"/> (namespaces or types) or lies in one.</summary>
    public bool IsOf(params ReadOnlySpan<string> rooms) => LiesIn(To, rooms);

    public override string ToString() => $"{From} → {To}{(Member is null ? "" : $".{Member}")}";

    private static bool LiesIn(string name, ReadOnlySpan<string> rooms)
    {
        foreach (var room in rooms)
        {
            if (name == room || name.StartsWith(room + ".", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
