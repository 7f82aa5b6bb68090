namespace TuningCluster.Benchmarks.Quality;

/// <summary>A study of a call.</summary>
/// <param name="Searcher">A strategy of ours as it was asked for, or a rival's sampler.</param>
internal readonly record struct StudyKey(string Searcher, string Problem, int Seed, int Pending);
