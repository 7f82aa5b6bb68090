namespace TuningCluster.Benchmarks.Quality;

/// <summary>A problem that is read when it is wanted.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Load">Reads it.</param>
/// <param name="IsQuick">Whether it is part of the quick run.</param>
internal sealed record ProblemSource(string Name, Func<Problem> Load, bool IsQuick = false);
