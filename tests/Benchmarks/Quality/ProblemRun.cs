using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>A problem as one study meets it.</summary>
internal abstract class ProblemRun
{
    /// <summary>The value a trial reports; not finite when it diverged.</summary>
    /// <param name="number">The trial's number: the noise of a trial follows from it and the study's seed.</param>
    public abstract double Observe(TrialParameters parameters, int number);

    /// <summary>The value it is judged by: without the noise of one trial.</summary>
    public abstract double Judge(TrialParameters parameters);
}
