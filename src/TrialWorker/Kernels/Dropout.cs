using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// Mask   m_i = 1/keep where u_i < keep, else 0, u_i a multiple of 2⁻³²: inverted dropout, so that nothing is scaled when predicting.
//        64 bits are drawn for every two elements (the lower 32 for the first), ⌈n/2⌉ draws in all. Without branches: at keep = ½ a
//        branch would be guessed wrong every other time. Scalar, the generator being a chain; the reference bit for bit.
// Apply  x := m·x, the reference's floats; NaN and ∞ under a zero become NaN: a diverged network must not look healthy.
// Layout: flat. Tails: an odd last element takes the lower half of its draw; Apply as Elementwise.

/// <summary>Dropout (Srivastava et al. 2014, JMLR 15:1929–1958).</summary>
public static class Dropout
{
    /// <summary>Draws which values are kept.</summary>
    /// <param name="mask">Receives 1/keep or 0; any length n. Takes ⌈n/2⌉ draws of 64 bits.</param>
    /// <param name="keep">Probability of keeping a value, in (0, 1].</param>
    /// <param name="rng">Drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keep"/> is not in (0, 1].</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mask(Span<float> mask, float keep, Rng rng)
    {
        DropoutReference.Check(keep);
        var threshold = (long)Math.Round(keep * 4294967296.0);
        var kept = BitConverter.SingleToInt32Bits(1 / keep);
        var i = 0;
        for (; i < mask.Length - 1; i += 2)
        {
            var bits = rng.NextBits();
            mask[i] = Pick((uint)bits, threshold, kept);
            mask[i + 1] = Pick((uint)(bits >> 32), threshold, kept);
        }

        if (i < mask.Length)
        {
            mask[i] = Pick((uint)rng.NextBits(), threshold, kept);
        }
    }

    /// <summary>Multiplies values by a mask: forward the activations, backward the gradients.</summary>
    /// <param name="mask">As <see cref="Mask"/> gave it.</param>
    /// <param name="values">The same length.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ReadOnlySpan<float> mask, Span<float> values)
    {
        ActivationsReference.Check(mask.Length, values.Length);
        if (KernelPath.IsVectorized)
        {
            Elementwise.Map<ProductKernel>(mask, values, values);
        }
        else
        {
            DropoutReference.Apply(mask, values);
        }
    }

    /// <summary>The bits of a difference's sign, all ones below the threshold, select the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Pick(uint bits, long threshold, int kept) => BitConverter.Int32BitsToSingle((int)((bits - threshold) >> 63) & kept);

    private readonly struct ProductKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x, Vector256<float> y) => x * y;
    }
}
