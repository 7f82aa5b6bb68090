using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TuningCluster.TrialWorker.Kernels;

/// <summary>One optimizer's step of eight parameters; formulas and symbols at the head of <see cref="Updates"/>.</summary>
internal interface IUpdateRule
{
    /// <summary>How many numbers it keeps for a parameter: 0, 1 or 2.</summary>
    static abstract int States { get; }

    /// <returns>The weights after the step.</returns>
    Vector256<float> Step(Vector256<float> w, Vector256<float> d, ref Vector256<float> first, ref Vector256<float> second);
}

/// <summary>Keeps what optimizers remember out of the subnormal range.</summary>
internal static class Moments
{
    /// <summary>Zero where the magnitude is below the normal range; keeps NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Flush(Vector256<float> x) =>
        Vector256.AndNot(x, Vector256.LessThan(Vector256.Abs(x), Vector256.Create(1.17549435e-38f)));

    /// <summary>The same for what is never negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FlushSquare(Vector256<float> x) =>
        Vector256.AndNot(x, Vector256.LessThan(x, Vector256.Create(1.17549435e-38f)));
}

internal readonly struct SgdRule(float rate) : IUpdateRule
{
    private readonly Vector256<float> _rate = Vector256.Create(-rate);

    public static int States => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Step(Vector256<float> w, Vector256<float> d, ref Vector256<float> first, ref Vector256<float> second) =>
        Vector256.FusedMultiplyAdd(_rate, d, w);
}

internal readonly struct MomentumRule(float rate, float momentum) : IUpdateRule
{
    private readonly Vector256<float> _rate = Vector256.Create(-rate);
    private readonly Vector256<float> _momentum = Vector256.Create(momentum);

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Step(Vector256<float> w, Vector256<float> d, ref Vector256<float> first, ref Vector256<float> second)
    {
        first = Moments.Flush(Vector256.FusedMultiplyAdd(_momentum, first, d));
        return Vector256.FusedMultiplyAdd(_rate, first, w);
    }
}

internal readonly struct NesterovRule(float rate, float momentum) : IUpdateRule
{
    private readonly Vector256<float> _rate = Vector256.Create(-rate);
    private readonly Vector256<float> _momentum = Vector256.Create(momentum);

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Step(Vector256<float> w, Vector256<float> d, ref Vector256<float> first, ref Vector256<float> second)
    {
        first = Moments.Flush(Vector256.FusedMultiplyAdd(_momentum, first, d));
        return Vector256.FusedMultiplyAdd(_rate, Vector256.FusedMultiplyAdd(_momentum, first, d), w);
    }
}

internal readonly struct RmsPropRule(float rate, float alpha, float epsilon) : IUpdateRule
{
    private readonly Vector256<float> _rate = Vector256.Create(rate);
    private readonly Vector256<float> _alpha = Vector256.Create(alpha);
    private readonly Vector256<float> _rest = Vector256.Create(1 - alpha);
    private readonly Vector256<float> _epsilon = Vector256.Create(epsilon);

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Step(Vector256<float> w, Vector256<float> d, ref Vector256<float> first, ref Vector256<float> second)
    {
        first = Moments.FlushSquare(Vector256.FusedMultiplyAdd(_alpha, first, _rest * (d * d)));
        return w - (_rate * d / (Vector256.Sqrt(first) + _epsilon));
    }
}

internal readonly struct RmsPropMomentumRule(float rate, float alpha, float epsilon, float momentum) : IUpdateRule
{
    private readonly Vector256<float> _rate = Vector256.Create(-rate);
    private readonly Vector256<float> _alpha = Vector256.Create(alpha);
    private readonly Vector256<float> _rest = Vector256.Create(1 - alpha);
    private readonly Vector256<float> _epsilon = Vector256.Create(epsilon);
    private readonly Vector256<float> _momentum = Vector256.Create(momentum);

    public static int States => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Step(Vector256<float> w, Vector256<float> d, ref Vector256<float> first, ref Vector256<float> second)
    {
        first = Moments.FlushSquare(Vector256.FusedMultiplyAdd(_alpha, first, _rest * (d * d)));
        second = Moments.Flush(Vector256.FusedMultiplyAdd(_momentum, second, d / (Vector256.Sqrt(first) + _epsilon)));
        return Vector256.FusedMultiplyAdd(_rate, second, w);
    }
}

internal readonly struct AdamRule(float step, float beta1, float beta2, float epsilon) : IUpdateRule
{
    private readonly Vector256<float> _step = Vector256.Create(step);
    private readonly Vector256<float> _beta1 = Vector256.Create(beta1);
    private readonly Vector256<float> _rest1 = Vector256.Create(1 - beta1);
    private readonly Vector256<float> _beta2 = Vector256.Create(beta2);
    private readonly Vector256<float> _rest2 = Vector256.Create(1 - beta2);
    private readonly Vector256<float> _epsilon = Vector256.Create(epsilon);

    public static int States => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Step(Vector256<float> w, Vector256<float> d, ref Vector256<float> first, ref Vector256<float> second)
    {
        first = Moments.Flush(Vector256.FusedMultiplyAdd(_beta1, first, _rest1 * d));
        second = Moments.FlushSquare(Vector256.FusedMultiplyAdd(_beta2, second, _rest2 * (d * d)));
        return w - (_step * first / (Vector256.Sqrt(second) + _epsilon));
    }
}

internal readonly struct NAdamRule(float gradientStep, float momentStep, float beta1, float beta2, float epsilon) : IUpdateRule
{
    private readonly Vector256<float> _gradientStep = Vector256.Create(gradientStep);
    private readonly Vector256<float> _momentStep = Vector256.Create(momentStep);
    private readonly Vector256<float> _beta1 = Vector256.Create(beta1);
    private readonly Vector256<float> _rest1 = Vector256.Create(1 - beta1);
    private readonly Vector256<float> _beta2 = Vector256.Create(beta2);
    private readonly Vector256<float> _rest2 = Vector256.Create(1 - beta2);
    private readonly Vector256<float> _epsilon = Vector256.Create(epsilon);

    public static int States => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Step(Vector256<float> w, Vector256<float> d, ref Vector256<float> first, ref Vector256<float> second)
    {
        first = Moments.Flush(Vector256.FusedMultiplyAdd(_beta1, first, _rest1 * d));
        second = Moments.FlushSquare(Vector256.FusedMultiplyAdd(_beta2, second, _rest2 * (d * d)));
        return w - (Vector256.FusedMultiplyAdd(_gradientStep, d, _momentStep * first) / (Vector256.Sqrt(second) + _epsilon));
    }
}

internal readonly struct LionRule(float rate, float beta1, float beta2) : IUpdateRule
{
    private readonly Vector256<float> _rate = Vector256.Create(-rate);
    private readonly Vector256<float> _beta1 = Vector256.Create(beta1);
    private readonly Vector256<float> _rest1 = Vector256.Create(1 - beta1);
    private readonly Vector256<float> _beta2 = Vector256.Create(beta2);
    private readonly Vector256<float> _rest2 = Vector256.Create(1 - beta2);

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Step(Vector256<float> w, Vector256<float> d, ref Vector256<float> first, ref Vector256<float> second)
    {
        // One with the sum's sign; zero stays zero, and NaN stays NaN: a sign of it would hide a diverged network.
        var sum = Vector256.FusedMultiplyAdd(_beta1, first, _rest1 * d);
        var hasSign = Vector256.GreaterThan(Vector256.Abs(sum), Vector256<float>.Zero);
        var sign = Vector256.ConditionalSelect(hasSign, Vector256<float>.One | (sum & Vector256.Create(-0f)), sum);
        first = Moments.Flush(Vector256.FusedMultiplyAdd(_beta2, first, _rest2 * d));
        return Vector256.FusedMultiplyAdd(_rate, sign, w);
    }
}
