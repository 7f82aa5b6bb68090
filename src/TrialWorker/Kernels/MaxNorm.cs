using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// Column j of W[inputs, outputs] (in panels): w_j := w_j · limit/‖w_j‖₂ where ‖w_j‖₂ > limit.
// Layout: panels of 16 columns; two accumulators of squares go down a panel, two factors go down it again. Registers: 6 of 16 YMM.
// The squares are summed in the order of the rows, fused here and not in the reference: each sum errs by γ(inputs), so the norms differ by
// γ(inputs) relative, and the results by as much and 6u for two roots, quotients and products. Tails: none, the padding is zero.

/// <summary>Keeps the vector of weights into each neuron short (Srivastava et al. 2014, JMLR 15:1929–1958, §5.1).</summary>
public static unsafe class MaxNorm
{
    /// <param name="weights">[inputs, outputs] in panels.</param>
    /// <param name="inputs">Rows of the matrix.</param>
    /// <param name="limit">Longest length; > 0.</param>
    /// <exception cref="ArgumentException">Not whole panels.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(Span<float> weights, int inputs, float limit)
    {
        if (inputs < 1 || weights.Length % (inputs * Panels.Width) != 0)
        {
            throw new ArgumentException($"{weights.Length} floats are no panels of {inputs} rows.", nameof(weights));
        }

        if (!KernelPath.IsVectorized)
        {
            MaxNormReference.Apply(weights, inputs, limit);
            return;
        }

        fixed (float* start = weights)
        {
            for (var panel = start; panel < start + weights.Length; panel += inputs * Panels.Width)
            {
                var s0 = Vector256<float>.Zero;
                var s1 = Vector256<float>.Zero;
                for (nint i = 0; i < (nint)inputs * Panels.Width; i += Panels.Width)
                {
                    var x0 = Vector256.Load(panel + i);
                    var x1 = Vector256.Load(panel + i + 8);
                    s0 = Vector256.FusedMultiplyAdd(x0, x0, s0);
                    s1 = Vector256.FusedMultiplyAdd(x1, x1, s1);
                }

                var f0 = Factor(Vector256.Sqrt(s0), limit);
                var f1 = Factor(Vector256.Sqrt(s1), limit);
                if (f0 == Vector256<float>.One && f1 == Vector256<float>.One)
                {
                    continue;
                }

                for (nint i = 0; i < (nint)inputs * Panels.Width; i += Panels.Width)
                {
                    (Vector256.Load(panel + i) * f0).Store(panel + i);
                    (Vector256.Load(panel + i + 8) * f1).Store(panel + i + 8);
                }
            }
        }
    }

    private static Vector256<float> Factor(Vector256<float> norm, float limit) => Vector256.ConditionalSelect(
        Vector256.GreaterThan(norm, Vector256.Create(limit)), Vector256.Create(limit) / norm, Vector256<float>.One);
}
