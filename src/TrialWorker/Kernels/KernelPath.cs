using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TuningCluster.TrialWorker.Kernels;

/// <summary>Which of the two implementations of every kernel runs in this process.</summary>
/// <remarks>
/// Fixed at start: results are the same bit for bit within a process, and differ between the paths within each kernel's stated bound.
/// </remarks>
public static class KernelPath
{
    /// <summary>Set to <c>reference</c> to run the scalar kernels.</summary>
    public const string Variable = "TUNING_KERNELS";

    /// <summary>Floats in a vector.</summary>
    public const int Lanes = 8;

    /// <summary>True when 256-bit vectors with fused multiply-add run in hardware and the reference was not asked for.</summary>
    public static readonly bool IsVectorized =
        Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported
        && !string.Equals(Environment.GetEnvironmentVariable(Variable), "reference", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>avx2</c> or <c>reference</c>, for logs and benchmarks.</summary>
    public static string Name => IsVectorized ? "avx2" : "reference";

    /// <summary>Floats a row of <paramref name="width"/> columns takes in memory: the next multiple of 16, the width of a GEMM tile.</summary>
    public static int Pad(int width) => checked(width + 15) & ~15;
}
