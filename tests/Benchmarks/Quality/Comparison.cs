namespace TuningCluster.Benchmarks.Quality;

/// <summary>A strategy against one opponent on one problem after so many trials.</summary>
/// <param name="Strategy">Of ours.</param>
/// <param name="Ours">Its regrets, by seed.</param>
/// <param name="Theirs">The opponent's.</param>
/// <param name="Opponent">Its name in the row.</param>
/// <param name="Group">The opponents that are counted together at the table's end.</param>
internal sealed record Comparison(string Strategy, Problem Problem, int Trials, int Pending, double[] Ours, double[] Theirs, string Opponent, string Group)
{
    public Verdict Verdict => Judgement.Verdict;

    public string Note => Judgement.Note;

    // Regret is least at the best; a value without a known best goes by the problem's direction.
    private Judgement Judgement => new(Ours, Theirs, Regret.IsLowerBetter(Problem));
}
