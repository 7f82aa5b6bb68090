using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>The function of the hidden layers.</summary>
public enum ActivationKind
{
    Identity,
    Sigmoid,
    Tanh,
    Relu,
    LeakyRelu,
    Elu,
    Selu,
    Gelu,
    GeluTanh,
    Silu,
    Softplus,
    Mish,
    HardSwish,
}

public static class ActivationKinds
{
    private static readonly (string Word, ActivationKind Kind)[] Table =
    [
        ("identity", ActivationKind.Identity),
        ("sigmoid", ActivationKind.Sigmoid),
        ("tanh", ActivationKind.Tanh),
        ("relu", ActivationKind.Relu),
        ("leaky_relu", ActivationKind.LeakyRelu),
        ("elu", ActivationKind.Elu),
        ("selu", ActivationKind.Selu),
        ("gelu", ActivationKind.Gelu),
        ("gelu_tanh", ActivationKind.GeluTanh),
        ("silu", ActivationKind.Silu),
        ("softplus", ActivationKind.Softplus),
        ("mish", ActivationKind.Mish),
        ("hard_swish", ActivationKind.HardSwish),
    ];

    /// <param name="name">As in the study file.</param>
    /// <exception cref="ArgumentException">No such activation.</exception>
    public static ActivationKind Parse(string name) => Words.Parse(Table, name, "activation");

    /// <summary>The word of the study file.</summary>
    public static string Word(this ActivationKind kind) => Words.Of(Table, kind);

    /// <summary>Whether <see cref="Backward"/> needs what went in, because what came out does not tell the slope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool NeedsInputs(this ActivationKind kind) =>
        kind is ActivationKind.Gelu or ActivationKind.GeluTanh or ActivationKind.Silu or ActivationKind.Mish or ActivationKind.HardSwish;

    /// <summary>The function of each value.</summary>
    /// <param name="outputs">The length of <paramref name="inputs"/>; may be the same span.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(this ActivationKind kind, ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        switch (kind)
        {
            case ActivationKind.Identity:
                if (inputs != outputs)
                {
                    inputs.CopyTo(outputs);
                }

                break;
            case ActivationKind.Sigmoid:
                Activations.Sigmoid(inputs, outputs);
                break;
            case ActivationKind.Tanh:
                Activations.Tanh(inputs, outputs);
                break;
            case ActivationKind.Relu:
                Activations.Relu(inputs, outputs);
                break;
            case ActivationKind.LeakyRelu:
                Activations.LeakyRelu(inputs, outputs);
                break;
            case ActivationKind.Elu:
                Activations.Elu(inputs, outputs);
                break;
            case ActivationKind.Selu:
                Activations.Selu(inputs, outputs);
                break;
            case ActivationKind.Gelu:
                Activations.Gelu(inputs, outputs);
                break;
            case ActivationKind.GeluTanh:
                Activations.GeluTanh(inputs, outputs);
                break;
            case ActivationKind.Silu:
                Activations.Silu(inputs, outputs);
                break;
            case ActivationKind.Softplus:
                Activations.Softplus(inputs, outputs);
                break;
            case ActivationKind.Mish:
                Activations.Mish(inputs, outputs);
                break;
            case ActivationKind.HardSwish:
                Activations.HardSwish(inputs, outputs);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>Multiplies the gradient by the derivative.</summary>
    /// <param name="values">What went into <see cref="Forward"/> when the kind <see cref="NeedsInputs"/>, else what came out.</param>
    /// <param name="gradient">The same length.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(this ActivationKind kind, ReadOnlySpan<float> values, Span<float> gradient)
    {
        switch (kind)
        {
            case ActivationKind.Identity:
                break;
            case ActivationKind.Sigmoid:
                Activations.SigmoidBackward(values, gradient);
                break;
            case ActivationKind.Tanh:
                Activations.TanhBackward(values, gradient);
                break;
            case ActivationKind.Relu:
                Activations.ReluBackward(values, gradient);
                break;
            case ActivationKind.LeakyRelu:
                Activations.LeakyReluBackward(values, gradient);
                break;
            case ActivationKind.Elu:
                Activations.EluBackward(values, gradient);
                break;
            case ActivationKind.Selu:
                Activations.SeluBackward(values, gradient);
                break;
            case ActivationKind.Gelu:
                Activations.GeluBackward(values, gradient);
                break;
            case ActivationKind.GeluTanh:
                Activations.GeluTanhBackward(values, gradient);
                break;
            case ActivationKind.Silu:
                Activations.SiluBackward(values, gradient);
                break;
            case ActivationKind.Softplus:
                Activations.SoftplusBackward(values, gradient);
                break;
            case ActivationKind.Mish:
                Activations.MishBackward(values, gradient);
                break;
            case ActivationKind.HardSwish:
                Activations.HardSwishBackward(values, gradient);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }
}
