namespace TuningCluster.Benchmarks;

/// <summary>A suite could not measure.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
