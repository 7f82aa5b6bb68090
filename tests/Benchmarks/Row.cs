namespace TuningCluster.Benchmarks;

/// <summary>Which number of a row its goal is about.</summary>
internal enum GoalOf
{
    Ratio,
    Ours,
}

internal enum Better
{
    Higher,
    Lower,
}

/// <summary>One measurement: what we took, what the rival took, and what we aim for.</summary>
/// <param name="Case">What was measured, within the suite.</param>
/// <param name="Unit">Of <paramref name="Ours"/> and <paramref name="Rival"/>, e.g. <c>s</c>.</param>
/// <param name="Rival">Measured in the same call, in turn with ours; null when there is no rival or it is not installed.</param>
/// <param name="RivalName">Name and version; "none", or which one is missing.</param>
/// <param name="Goal">For the ratio at least this much; for ours at least or at most, as <paramref name="Better"/> says.</param>
/// <param name="Runs">How many counted; ours and rival are their medians.</param>
/// <param name="Cpu">The processor's model name.</param>
internal sealed record Row(
    string Suite,
    string Case,
    string Unit,
    double Ours,
    double? Rival,
    string RivalName,
    double? Goal,
    GoalOf GoalOf,
    Better Better,
    int Runs,
    string Cpu,
    DateOnly Date)
{
    /// <summary>What else there is to say of the measurement: intervals, significance.</summary>
    public string? Note { get; init; }

    /// <summary>Above 1 when ours is better; null without a rival, or where one of the two is 0 and there is none.</summary>
    public double? Ratio => Rival is { } rival && (Better == Better.Higher ? Ours / rival : rival / Ours) is var ratio && double.IsFinite(ratio) ? ratio : null;

    /// <summary>Null when there is no goal, or no rival to set it against.</summary>
    public bool? MeetsGoal => (Goal, GoalOf) switch
    {
        (null, _) => null,
        ({ } goal, GoalOf.Ratio) => Ratio is { } ratio ? ratio >= goal : null,
        ({ } goal, _) => Better == Better.Higher ? Ours >= goal : Ours <= goal,
    };
}
