using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Something to find the best of, whose best is known.</summary>
internal abstract class Problem(string name, SearchSpace space, Direction direction)
{
    public string Name => name;

    public SearchSpace Space => space;

    public Direction Direction => direction;

    /// <summary>The best value there is.</summary>
    public abstract double Best { get; }

    /// <summary>The problem of one seed.</summary>
    public abstract ProblemRun Begin(int seed);

    /// <summary>What a rival's script needs to pose the same problem: an object without functions.</summary>
    public abstract object Describe(int seed);
}

/// <summary>A problem as one study meets it.</summary>
internal abstract class ProblemRun
{
    /// <summary>The value a trial reports.</summary>
    public abstract double Observe(TrialParameters parameters, int number);

    /// <summary>The value it is judged by: without noise.</summary>
    public abstract double Judge(TrialParameters parameters);
}
