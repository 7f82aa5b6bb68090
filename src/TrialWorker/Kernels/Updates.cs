using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// One pass over parameters, gradients and state: everything is read once and written once. d = g + decay·w.
//   Sgd       w −= rate·d
//   Momentum  v = µ·v + d;  w −= rate·v                                          (Polyak 1964, as PyTorch and the lecture write it)
//   Adam      m = β₁m + (1−β₁)d;  v = β₂v + (1−β₂)d²;  w −= step·m / (√v + ε′)     (Kingma and Ba 2015, algorithm 1)
//             with step = rate·√(1−β₂ᵗ)/(1−β₁ᵗ) and ε′ = ε·√(1−β₂ᵗ), which is algorithm 1 with its two corrections taken out of the loop.
// Layout: flat. Registers: Adam 12 of 16 YMM. Products are fused into sums here and not in the reference:
// |Δ| ≤ 4u·(sum of the magnitudes of the terms) + 2⁻¹⁴⁸ (below the normal range) per line, u = 2⁻²⁴, carried through √ and ÷ (u each).
// Tails: the last n % 8 elements in a vector on the stack.

/// <summary>The optimizers' steps over flat spans of equal length.</summary>
public static unsafe class Updates
{
    /// <summary>Plain gradient descent.</summary>
    /// <param name="weights">Read and written.</param>
    /// <param name="gradient">The same length.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="decay">L2 penalty: times the weight, added to the gradient.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void Sgd(Span<float> weights, ReadOnlySpan<float> gradient, float rate, float decay)
    {
        ActivationsReference.Check(weights.Length, gradient.Length);
        if (!KernelPath.IsVectorized)
        {
            UpdatesReference.Sgd(weights, gradient, rate, decay);
            return;
        }

        fixed (float* w = weights, g = gradient)
        {
            var constants = new SgdConstants(rate, 0, decay);
            var n = weights.Length;
            var i = 0;
            for (; i <= n - KernelPath.Lanes; i += KernelPath.Lanes)
            {
                constants.Plain(Vector256.Load(w + i), Vector256.Load(g + i)).Store(w + i);
            }

            if (i < n)
            {
                var rest = n - i;
                constants.Plain(Elementwise.LoadFirst(w + i, rest), Elementwise.LoadFirst(g + i, rest)).StoreFirst(w + i, rest);
            }
        }
    }

    /// <summary>Gradient descent with momentum.</summary>
    /// <param name="velocity">Read and written; zeros before the first step.</param>
    /// <param name="momentum">µ, in [0, 1].</param>
    /// <inheritdoc cref="Sgd"/>
    public static void Momentum(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, float decay)
    {
        ActivationsReference.Check(weights.Length, gradient.Length);
        ActivationsReference.Check(weights.Length, velocity.Length);
        if (!KernelPath.IsVectorized)
        {
            UpdatesReference.Momentum(weights, gradient, velocity, rate, momentum, decay);
            return;
        }

        fixed (float* w = weights, g = gradient, v = velocity)
        {
            var constants = new SgdConstants(rate, momentum, decay);
            var n = weights.Length;
            var i = 0;
            for (; i <= n - KernelPath.Lanes; i += KernelPath.Lanes)
            {
                var speed = Vector256.Load(v + i);
                constants.Heavy(Vector256.Load(w + i), Vector256.Load(g + i), ref speed).Store(w + i);
                speed.Store(v + i);
            }

            if (i < n)
            {
                var rest = n - i;
                var speed = Elementwise.LoadFirst(v + i, rest);
                constants.Heavy(Elementwise.LoadFirst(w + i, rest), Elementwise.LoadFirst(g + i, rest), ref speed).StoreFirst(w + i, rest);
                speed.StoreFirst(v + i, rest);
            }
        }
    }

    /// <summary>Adam.</summary>
    /// <param name="first">m, read and written; zeros before the first step.</param>
    /// <param name="second">v, read and written; zeros before the first step.</param>
    /// <param name="step">rate·√(1−β₂ᵗ)/(1−β₁ᵗ) at step t, from 1.</param>
    /// <param name="epsilon">ε·√(1−β₂ᵗ).</param>
    /// <inheritdoc cref="Sgd"/>
    public static void Adam(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float step, float beta1, float beta2, float epsilon, float decay)
    {
        ActivationsReference.Check(weights.Length, gradient.Length);
        ActivationsReference.Check(weights.Length, first.Length);
        ActivationsReference.Check(weights.Length, second.Length);
        if (!KernelPath.IsVectorized)
        {
            UpdatesReference.Adam(weights, gradient, first, second, step, beta1, beta2, epsilon, decay);
            return;
        }

        fixed (float* w = weights, g = gradient, m = first, v = second)
        {
            var constants = new AdamConstants(step, beta1, beta2, epsilon, decay);
            var n = weights.Length;
            var i = 0;
            for (; i <= n - KernelPath.Lanes; i += KernelPath.Lanes)
            {
                var mean = Vector256.Load(m + i);
                var square = Vector256.Load(v + i);
                constants.Apply(Vector256.Load(w + i), Vector256.Load(g + i), ref mean, ref square).Store(w + i);
                mean.Store(m + i);
                square.Store(v + i);
            }

            if (i < n)
            {
                var rest = n - i;
                var mean = Elementwise.LoadFirst(m + i, rest);
                var square = Elementwise.LoadFirst(v + i, rest);
                constants.Apply(Elementwise.LoadFirst(w + i, rest), Elementwise.LoadFirst(g + i, rest), ref mean, ref square).StoreFirst(w + i, rest);
                mean.StoreFirst(m + i, rest);
                square.StoreFirst(v + i, rest);
            }
        }
    }

    private readonly struct SgdConstants(float rate, float momentum, float decay)
    {
        private readonly Vector256<float> _rate = Vector256.Create(rate);
        private readonly Vector256<float> _momentum = Vector256.Create(momentum);
        private readonly Vector256<float> _decay = Vector256.Create(decay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Plain(Vector256<float> w, Vector256<float> g) =>
            Fma.MultiplyAddNegated(_rate, Fma.MultiplyAdd(_decay, w, g), w);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Heavy(Vector256<float> w, Vector256<float> g, ref Vector256<float> speed)
        {
            speed = Fma.MultiplyAdd(_momentum, speed, Fma.MultiplyAdd(_decay, w, g));
            return Fma.MultiplyAddNegated(_rate, speed, w);
        }
    }

    private readonly struct AdamConstants(float step, float beta1, float beta2, float epsilon, float decay)
    {
        private readonly Vector256<float> _step = Vector256.Create(step);
        private readonly Vector256<float> _beta1 = Vector256.Create(beta1);
        private readonly Vector256<float> _rest1 = Vector256.Create(1 - beta1);
        private readonly Vector256<float> _beta2 = Vector256.Create(beta2);
        private readonly Vector256<float> _rest2 = Vector256.Create(1 - beta2);
        private readonly Vector256<float> _epsilon = Vector256.Create(epsilon);
        private readonly Vector256<float> _decay = Vector256.Create(decay);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Apply(Vector256<float> w, Vector256<float> g, ref Vector256<float> mean, ref Vector256<float> square)
        {
            var d = Fma.MultiplyAdd(_decay, w, g);
            mean = Fma.MultiplyAdd(_beta1, mean, _rest1 * d);
            square = Fma.MultiplyAdd(_beta2, square, _rest2 * (d * d));
            return w - (_step * mean / (Vector256.Sqrt(square) + _epsilon));
        }
    }
}
