using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace TuningCluster.TrialWorker.Kernels;

/// <summary>Asks for a cache line before it is needed.</summary>
/// <remarks>
/// A hint: no result depends on it, an address past the end of an array does no harm, and where the runtime has no instruction for it
/// (Arm64) nothing happens.
/// </remarks>
internal static unsafe class Prefetch
{
    /// <summary>Into every level of the cache: for what is read within some hundred cycles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToFirstLevel(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>Into the second level, for what is read later and would push out of the first what is used until then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToSecondLevel(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }
}
