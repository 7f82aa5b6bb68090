using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// y := y + x. Layout: flat. Registers: 2. Exactly AdditionReference. Tails: Elementwise.

/// <summary>Sums of two spans.</summary>
public static class Addition
{
    /// <param name="x">Any length.</param>
    /// <param name="y">The same length; receives the sums.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> x, Span<float> y)
    {
        ActivationsReference.Check(x.Length, y.Length);
        if (KernelPath.IsVectorized)
        {
            Elementwise.Map<AddKernel>(x, y, y);
        }
        else
        {
            AdditionReference.Add(x, y);
        }
    }

    private readonly struct AddKernel : IBinaryKernel
    {
        public static Vector256<float> Apply(Vector256<float> x, Vector256<float> y) => x + y;
    }
}
