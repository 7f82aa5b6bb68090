using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Something to find the best of.</summary>
internal abstract class Problem(string name, SearchSpace space, Direction direction)
{
    public string Name => name;

    public SearchSpace Space => space;

    public Direction Direction => direction;

    /// <summary>The best value there is, as judged; null where nobody knows it.</summary>
    public abstract double? Best { get; }

    /// <summary>What a study is told by: its regret, or where nobody knows the best what the value is.</summary>
    public virtual string Unit => "normalized regret";

    /// <summary>Whether two trials of the same parameters report different values.</summary>
    public abstract bool IsNoisy { get; }

    /// <summary>Seeds at most, of one that is dear; null without a limit.</summary>
    public virtual int? MostSeeds => null;

    /// <summary>The problem of one seed.</summary>
    public abstract ProblemRun Begin(int seed);
}
