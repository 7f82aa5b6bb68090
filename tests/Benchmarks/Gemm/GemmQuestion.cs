namespace TuningCluster.Benchmarks.Gemm;

/// <summary>What the contestants of the suite <c>gemm</c> are asked: GFLOP/s, 2·size³ operations a product.</summary>
/// <param name="Size">Rows and columns of all three matrices.</param>
/// <param name="Seconds">Measured at least so long.</param>
/// <param name="Threads">Threads that divide a product of ours; the rival was told at its start.</param>
/// <param name="Repeats">Products between two looks at the clock.</param>
internal sealed record GemmQuestion(int Size, double Seconds, int Threads, int Repeats);
