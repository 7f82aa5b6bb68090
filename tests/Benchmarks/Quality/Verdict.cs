namespace TuningCluster.Benchmarks.Quality;

/// <summary>Which of two sides a test says is better.</summary>
internal enum Verdict
{
    Better,

    /// <summary>The difference may be chance.</summary>
    AsGood,
    Worse,
}
