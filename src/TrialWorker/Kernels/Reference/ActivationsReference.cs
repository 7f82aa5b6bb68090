using System.Runtime.CompilerServices;

namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>Activation functions as the textbook writes them: the definition of <see cref="Activations"/>.</summary>
public static partial class ActivationsReference
{
    /// <inheritdoc cref="Activations.Sigmoid"/>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = 1 / (1 + MathF.Exp(-x[i]));
        }
    }

    /// <inheritdoc cref="Activations.Tanh"/>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = MathF.Tanh(x[i]);
        }
    }

    /// <inheritdoc cref="Activations.Relu"/>
    public static void Relu(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = x[i] < 0 ? 0 : x[i];
        }
    }

    /// <inheritdoc cref="Activations.LeakyRelu"/>
    public static void LeakyRelu(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = x[i] < 0 ? x[i] * Activations.LeakySlope : x[i];
        }
    }

    /// <inheritdoc cref="Activations.Elu"/>
    public static void Elu(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = x[i] > 0 ? x[i] : (float)ReferenceMath.Expm1(x[i]);
        }
    }

    /// <inheritdoc cref="Activations.Selu"/>
    public static void Selu(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = Activations.SeluScale * (x[i] > 0 ? x[i] : Activations.SeluAlpha * (float)ReferenceMath.Expm1(x[i]));
        }
    }

    /// <inheritdoc cref="Activations.Softplus"/>
    public static void Softplus(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = (float)(Math.Max(x[i], 0) + ReferenceMath.Log1p(Math.Exp(-Math.Abs(x[i]))));
        }
    }

    /// <inheritdoc cref="Activations.SigmoidBackward"/>
    public static void SigmoidBackward(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            gradient[i] *= outputs[i] * (1 - outputs[i]);
        }
    }

    /// <inheritdoc cref="Activations.TanhBackward"/>
    public static void TanhBackward(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            gradient[i] *= 1 - (outputs[i] * outputs[i]);
        }
    }

    /// <inheritdoc cref="Activations.ReluBackward"/>
    public static void ReluBackward(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            gradient[i] = outputs[i] > 0 ? gradient[i] : 0;
        }
    }

    /// <inheritdoc cref="Activations.LeakyReluBackward"/>
    public static void LeakyReluBackward(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            gradient[i] *= outputs[i] > 0 ? 1 : Activations.LeakySlope;
        }
    }

    /// <inheritdoc cref="Activations.EluBackward"/>
    public static void EluBackward(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            gradient[i] *= outputs[i] > 0 ? 1 : outputs[i] + 1;
        }
    }

    /// <inheritdoc cref="Activations.SeluBackward"/>
    public static void SeluBackward(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            gradient[i] *= outputs[i] > 0 ? Activations.SeluScale : outputs[i] + (Activations.SeluScale * Activations.SeluAlpha);
        }
    }

    /// <inheritdoc cref="Activations.SoftplusBackward"/>
    public static void SoftplusBackward(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            gradient[i] *= (float)-ReferenceMath.Expm1(-outputs[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Check(int first, int second)
    {
        if (first != second)
        {
            throw new ArgumentException($"The spans have {first} and {second} elements; they must be as long as each other.");
        }
    }
}
