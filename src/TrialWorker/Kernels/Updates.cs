using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// One pass over parameters, gradients and state: everything is read once and written once.
// d = g + l2·w + l1·sign w; then w −= decoupled·w; then the rule (UpdateRules), with w as it is by then:
//   Sgd       w −= rate·d
//   Momentum  v = µ·v + d;  w −= rate·v                                          (Polyak 1964, as PyTorch and the lecture write it)
//   Nesterov  v = µ·v + d;  w −= rate·(d + µ·v)                                  (Nesterov 1983; Sutskever et al. 2013, as PyTorch)
//   RmsProp   s = α·s + (1−α)d²;  w −= rate·d/(√s + ε), or v = µ·v + d/(√s + ε);  w −= rate·v              (Tieleman and Hinton 2012)
//   Adam      m = β₁m + (1−β₁)d;  v = β₂v + (1−β₂)d²;  w −= step·m / (√v + ε′)     (Kingma and Ba 2015, algorithm 1)
//             with step = rate·√(1−β₂ᵗ)/(1−β₁ᵗ) and ε′ = ε·√(1−β₂ᵗ), which is algorithm 1 with its two corrections taken out of the loop.
//   NAdam     m and v as Adam;  w −= (gradientStep·d + momentStep·m) / (√v + ε′)                           (Dozat 2016)
//   Lion      w −= rate·sign(β₁m + (1−β₁)d);  m = β₂m + (1−β₂)d                                            (Chen et al. 2023)
// State below the normal range is written as zero: a parameter whose moment has died away would cost several times as much, for ever.
// Weights and state of a large layer come from main memory: those of the next piece of the gradient (DenseProducts) are asked for a piece
// ahead, so that they arrive while its product runs.
// Layout: flat. Registers: at most 15 of 16 YMM (NAdam: 8 of constants, 4 of data, 3 between).
// Products are fused into sums here and not in the reference: |Δ| ≤ 8u·(sum of the magnitudes of the terms, d's included) + 2⁻¹⁴⁷ (below the
// normal range; 2⁻¹²⁶ more for state) per line, u = 2⁻²⁴, carried through √ and ÷ (u each). Lion's sign may differ where its sum is as near 0.
// Tails: the last n % 8 elements in a vector on the stack.

/// <summary>The optimizers' steps over flat spans of equal length.</summary>
public static unsafe class Updates
{
    private const int LineFloats = 16;

    /// <summary>Plain gradient descent.</summary>
    /// <param name="weights">Read and written.</param>
    /// <param name="gradient">The same length.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="penalty">What pulls the weights to zero.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sgd(Span<float> weights, ReadOnlySpan<float> gradient, float rate, Penalty penalty)
    {
        Check(weights, gradient, weights, weights);
        if (KernelPath.IsVectorized)
        {
            Run(weights, gradient, default, default, new SgdRule(rate), penalty);
        }
        else
        {
            UpdatesReference.Sgd(weights, gradient, rate, penalty);
        }
    }

    /// <summary>Gradient descent with momentum.</summary>
    /// <param name="velocity">v, read and written; zeros before the first step.</param>
    /// <param name="momentum">µ, in [0, 1].</param>
    /// <inheritdoc cref="Sgd"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Momentum(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, Penalty penalty)
    {
        Check(weights, gradient, velocity, weights);
        if (KernelPath.IsVectorized)
        {
            Run(weights, gradient, velocity, default, new MomentumRule(rate, momentum), penalty);
        }
        else
        {
            UpdatesReference.Momentum(weights, gradient, velocity, rate, momentum, penalty);
        }
    }

    /// <summary>Gradient descent with Nesterov's momentum.</summary>
    /// <inheritdoc cref="Momentum"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Nesterov(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, Penalty penalty)
    {
        Check(weights, gradient, velocity, weights);
        if (KernelPath.IsVectorized)
        {
            Run(weights, gradient, velocity, default, new NesterovRule(rate, momentum), penalty);
        }
        else
        {
            UpdatesReference.Nesterov(weights, gradient, velocity, rate, momentum, penalty);
        }
    }

    /// <summary>RMSProp without momentum.</summary>
    /// <param name="square">s, the running mean of squared gradients, read and written; zeros before the first step.</param>
    /// <param name="alpha">α, what is kept of it, in [0, 1).</param>
    /// <param name="epsilon">ε, added to its root; > 0.</param>
    /// <inheritdoc cref="Sgd"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RmsProp(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> square, float rate, float alpha, float epsilon, Penalty penalty)
    {
        Check(weights, gradient, square, weights);
        if (KernelPath.IsVectorized)
        {
            Run(weights, gradient, square, default, new RmsPropRule(rate, alpha, epsilon), penalty);
        }
        else
        {
            UpdatesReference.RmsProp(weights, gradient, square, rate, alpha, epsilon, penalty);
        }
    }

    /// <summary>RMSProp with momentum.</summary>
    /// <param name="velocity">v, read and written; zeros before the first step.</param>
    /// <param name="momentum">µ, in [0, 1].</param>
    /// <inheritdoc cref="RmsProp(Span{float}, ReadOnlySpan{float}, Span{float}, float, float, float, Penalty)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RmsProp(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> square, Span<float> velocity,
        float rate, float alpha, float epsilon, float momentum, Penalty penalty)
    {
        Check(weights, gradient, square, velocity);
        if (KernelPath.IsVectorized)
        {
            Run(weights, gradient, square, velocity, new RmsPropMomentumRule(rate, alpha, epsilon, momentum), penalty);
        }
        else
        {
            UpdatesReference.RmsProp(weights, gradient, square, velocity, rate, alpha, epsilon, momentum, penalty);
        }
    }

    /// <summary>Adam; AdamW when the penalty is <see cref="Penalty.Decoupled"/>.</summary>
    /// <param name="first">m, read and written; zeros before the first step.</param>
    /// <param name="second">v, read and written; zeros before the first step.</param>
    /// <param name="step">rate·√(1−β₂ᵗ)/(1−β₁ᵗ) at step t, from 1.</param>
    /// <param name="beta1">β₁, in [0, 1).</param>
    /// <param name="beta2">β₂, in [0, 1).</param>
    /// <param name="epsilon">ε·√(1−β₂ᵗ); > 0.</param>
    /// <inheritdoc cref="Sgd"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adam(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float step, float beta1, float beta2, float epsilon, Penalty penalty)
    {
        Check(weights, gradient, first, second);
        if (KernelPath.IsVectorized)
        {
            Run(weights, gradient, first, second, new AdamRule(step, beta1, beta2, epsilon), penalty);
        }
        else
        {
            UpdatesReference.Adam(weights, gradient, first, second, step, beta1, beta2, epsilon, penalty);
        }
    }

    /// <summary>NAdam, Adam with Nesterov's momentum.</summary>
    /// <remarks>
    /// Dozat 2016. The schedule is the caller's, as PyTorch has it, with ψ = 0.004 and rate η, at step t, from 1:
    /// µ(t) = β₁·(1 − ½·0.96^(t·ψ)), M(t) = µ(1)·…·µ(t), c = √(1−β₂ᵗ);
    /// gradientStep = η·c·(1−µ(t))/(1−M(t)), momentStep = η·c·µ(t+1)/(1−M(t)·µ(t+1)), epsilon = ε·c.
    /// </remarks>
    /// <param name="gradientStep">What d is multiplied by.</param>
    /// <param name="momentStep">What m is multiplied by.</param>
    /// <inheritdoc cref="Adam"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NAdam(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float gradientStep, float momentStep, float beta1, float beta2, float epsilon, Penalty penalty)
    {
        Check(weights, gradient, first, second);
        if (KernelPath.IsVectorized)
        {
            Run(weights, gradient, first, second, new NAdamRule(gradientStep, momentStep, beta1, beta2, epsilon), penalty);
        }
        else
        {
            UpdatesReference.NAdam(weights, gradient, first, second, gradientStep, momentStep, beta1, beta2, epsilon, penalty);
        }
    }

    /// <summary>Lion, which steps by the sign of a mean.</summary>
    /// <remarks>Chen et al. 2023, arXiv:2302.06675, algorithm 2.</remarks>
    /// <param name="first">m, read and written; zeros before the first step.</param>
    /// <param name="beta1">β₁, what is kept of m in the step, in [0, 1).</param>
    /// <param name="beta2">β₂, what is kept of m for the next, in [0, 1).</param>
    /// <inheritdoc cref="Sgd"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Lion(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, float rate, float beta1, float beta2, Penalty penalty)
    {
        Check(weights, gradient, first, weights);
        if (KernelPath.IsVectorized)
        {
            Run(weights, gradient, first, default, new LionRule(rate, beta1, beta2), penalty);
        }
        else
        {
            UpdatesReference.Lion(weights, gradient, first, rate, beta1, beta2, penalty);
        }
    }

    private static void Check(ReadOnlySpan<float> weights, ReadOnlySpan<float> gradient, ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        ActivationsReference.Check(weights.Length, gradient.Length);
        ActivationsReference.Check(weights.Length, first.Length);
        ActivationsReference.Check(weights.Length, second.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRule>(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in TRule rule, Penalty penalty)
        where TRule : struct, IUpdateRule
    {
        fixed (float* w = weights, g = gradient, a = first, b = second)
        {
            if (penalty.L1 == 0 && penalty.Decoupled == 0)
            {
                Run(weights.Length, w, g, a, b, rule, new RidgePull(penalty.L2));
            }
            else
            {
                Run(weights.Length, w, g, a, b, rule, new AnyPull(penalty));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRule, TPull>(int n, float* pw, float* pg, float* pa, float* pb, in TRule rule, in TPull pull)
        where TRule : struct, IUpdateRule
        where TPull : struct, IPull
    {
        // Copies of its own the compiler keeps in registers.
        var step = rule;
        var slope = pull;
        nint i = 0;
        for (; i <= n - KernelPath.Lanes; i += KernelPath.Lanes)
        {
            if (i % LineFloats == 0)
            {
                Prefetch.ToSecondLevel(pw + i + DenseProducts.PieceLength);
                if (TRule.States > 0)
                {
                    Prefetch.ToSecondLevel(pa + i + DenseProducts.PieceLength);
                }

                if (TRule.States > 1)
                {
                    Prefetch.ToSecondLevel(pb + i + DenseProducts.PieceLength);
                }
            }

            var w = Vector256.Load(pw + i);
            var a = TRule.States > 0 ? Vector256.Load(pa + i) : default;
            var b = TRule.States > 1 ? Vector256.Load(pb + i) : default;
            var d = slope.Slope(ref w, Vector256.Load(pg + i));
            step.Step(w, d, ref a, ref b).Store(pw + i);
            if (TRule.States > 0)
            {
                a.Store(pa + i);
            }

            if (TRule.States > 1)
            {
                b.Store(pb + i);
            }
        }

        if (i < n)
        {
            Last(n - (int)i, pw + i, pg + i, pa + i, pb + i, rule, pull);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Last<TRule, TPull>(int count, float* pw, float* pg, float* pa, float* pb, in TRule rule, in TPull pull)
        where TRule : struct, IUpdateRule
        where TPull : struct, IPull
    {
        var w = Elementwise.LoadFirst(pw, count);
        var a = TRule.States > 0 ? Elementwise.LoadFirst(pa, count) : default;
        var b = TRule.States > 1 ? Elementwise.LoadFirst(pb, count) : default;
        var d = pull.Slope(ref w, Elementwise.LoadFirst(pg, count));
        rule.Step(w, d, ref a, ref b).StoreFirst(pw, count);
        if (TRule.States > 0)
        {
            a.StoreFirst(pa, count);
        }

        if (TRule.States > 1)
        {
            b.StoreFirst(pb, count);
        }
    }

    private interface IPull
    {
        /// <summary>d; takes what is decoupled from the weight.</summary>
        Vector256<float> Slope(ref Vector256<float> w, Vector256<float> g);
    }

    private readonly struct RidgePull(float l2) : IPull
    {
        private readonly Vector256<float> _l2 = Vector256.Create(l2);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Slope(ref Vector256<float> w, Vector256<float> g) => Vector256.FusedMultiplyAdd(_l2, w, g);
    }

    private readonly struct AnyPull(Penalty penalty) : IPull
    {
        private readonly Vector256<float> _l1 = Vector256.Create(penalty.L1);
        private readonly Vector256<float> _l2 = Vector256.Create(penalty.L2);
        private readonly Vector256<float> _decoupled = Vector256.Create(-penalty.Decoupled);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Slope(ref Vector256<float> w, Vector256<float> g)
        {
            var sign = Vector256.AndNot(_l1 | (w & Vector256.Create(-0f)), Vector256.Equals(w, Vector256<float>.Zero));
            var d = Vector256.FusedMultiplyAdd(_l2, w, g) + sign;
            w = Vector256.FusedMultiplyAdd(_decoupled, w, w);
            return d;
        }
    }
}
