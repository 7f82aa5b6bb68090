using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TuningCluster.TrialWorker.Kernels;

/// <summary>Which of the two implementations of every kernel runs in this process.</summary>
/// <remarks>
/// Fixed at start. The vector kernels give the same bits on every hardware: their sums have a fixed order, their multiply-adds are fused
/// everywhere, and none of them uses an estimate. The references differ from them within each kernel's stated bound.
/// </remarks>
public static class KernelPath
{
    /// <summary>
    /// Set to <c>reference</c> to run the scalar kernels, to <c>vector</c> to run the vector kernels also where the hardware has no fused
    /// multiply-add for vectors (slow: for tests).
    /// </summary>
    public const string Variable = "TUNING_KERNELS";

    /// <summary>Floats in a vector.</summary>
    public const int Lanes = 8;

    /// <summary>True when vectors with fused multiply-add run in hardware, or were asked for, and the references were not.</summary>
    public static readonly bool IsVectorized = !IsAskedFor("reference") && (HasAvx2 || AdvSimd.Arm64.IsSupported || IsAskedFor("vector"));

    /// <summary>
    /// <c>avx2</c>, <c>neon</c> (two of 128 bits for each of 256), <c>vector</c> (whatever the runtime makes of them) or <c>reference</c>;
    /// for logs and benchmarks.
    /// </summary>
    public static string Name =>
        !IsVectorized ? "reference"
        : HasAvx2 ? "avx2"
        : AdvSimd.Arm64.IsSupported ? "neon"
        : "vector";

    private static bool HasAvx2 => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>Floats a row of <paramref name="width"/> columns takes in memory: the next multiple of 16, the width of a GEMM tile.</summary>
    public static int Pad(int width) => checked(width + 15) & ~15;

    private static bool IsAskedFor(string path) =>
        string.Equals(Environment.GetEnvironmentVariable(Variable), path, StringComparison.OrdinalIgnoreCase);
}
