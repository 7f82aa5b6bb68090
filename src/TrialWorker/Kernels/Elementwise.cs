using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TuningCluster.TrialWorker.Kernels;

/// <summary>y = f(x), eight at a time.</summary>
internal interface IUnaryKernel
{
    static abstract Vector256<float> Apply(Vector256<float> x);
}

/// <summary>z = f(x, y), eight at a time.</summary>
internal interface IBinaryKernel
{
    static abstract Vector256<float> Apply(Vector256<float> x, Vector256<float> y);
}

// The one loop of every elementwise kernel. Layout: flat. Registers: what f needs.
// Tails: the last n % 8 elements go through the same f in a vector on the stack, so an element's result does not depend on its place.

/// <summary>Runs an elementwise function over spans; only callable where <see cref="KernelPath.IsVectorized"/>.</summary>
internal static unsafe class Elementwise
{
    private const int Lanes = KernelPath.Lanes;

    /// <param name="destination">The length of <paramref name="x"/>; the same span as <paramref name="x"/> or apart from it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<TKernel>(ReadOnlySpan<float> x, Span<float> destination)
        where TKernel : struct, IUnaryKernel
    {
        fixed (float* px = x, pz = destination)
        {
            var n = x.Length;
            nint i = 0;
            for (; i <= n - Lanes; i += Lanes)
            {
                TKernel.Apply(Vector256.Load(px + i)).Store(pz + i);
            }

            if (i < n)
            {
                Last<TKernel>(px + i, pz + i, n - (int)i);
            }
        }
    }

    /// <param name="destination">The length of <paramref name="x"/>; the same span as an input or apart from both.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<TKernel>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
        where TKernel : struct, IBinaryKernel
    {
        fixed (float* px = x, py = y, pz = destination)
        {
            var n = x.Length;
            nint i = 0;
            for (; i <= n - Lanes; i += Lanes)
            {
                TKernel.Apply(Vector256.Load(px + i), Vector256.Load(py + i)).Store(pz + i);
            }

            if (i < n)
            {
                Last<TKernel>(px + i, py + i, pz + i, n - (int)i);
            }
        }
    }

    // Tails are calls of their own, here and in the other kernels: their space on the stack would be cleared and checked in every call,
    // and calls beside a loop keep its constants out of the registers.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Last<TKernel>(float* x, float* z, int count)
        where TKernel : struct, IUnaryKernel =>
        TKernel.Apply(LoadFirst(x, count)).StoreFirst(z, count);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Last<TKernel>(float* x, float* y, float* z, int count)
        where TKernel : struct, IBinaryKernel =>
        TKernel.Apply(LoadFirst(x, count), LoadFirst(y, count)).StoreFirst(z, count);

    /// <summary>The first <paramref name="count"/> lanes from memory, zeros behind; reads nothing past them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadFirst(float* source, int count)
    {
        var lanes = stackalloc float[Lanes];
        for (var q = 0; q < Lanes; q++)
        {
            lanes[q] = q < count ? source[q] : 0;
        }

        return Vector256.Load(lanes);
    }

    /// <summary>Writes the first <paramref name="count"/> lanes and nothing past them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(this Vector256<float> vector, float* destination, int count)
    {
        var lanes = stackalloc float[Lanes];
        vector.Store(lanes);
        for (var q = 0; q < count; q++)
        {
            destination[q] = lanes[q];
        }
    }
}
