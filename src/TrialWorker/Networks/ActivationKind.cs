using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>The function of the hidden layers.</summary>
public enum ActivationKind
{
    Identity,
    Sigmoid,
    Tanh,
    Relu,
}

public static class ActivationKinds
{
    /// <param name="name">As in the study file.</param>
    /// <exception cref="ArgumentException">No such activation.</exception>
    public static ActivationKind Parse(string name) => name switch
    {
        "identity" => ActivationKind.Identity,
        "sigmoid" => ActivationKind.Sigmoid,
        "tanh" => ActivationKind.Tanh,
        "relu" => ActivationKind.Relu,
        _ => throw new ArgumentException($"'{name}' is no activation.", nameof(name)),
    };

    /// <summary>The word of the study file.</summary>
    public static string Word(this ActivationKind kind) => kind switch
    {
        ActivationKind.Identity => "identity",
        ActivationKind.Sigmoid => "sigmoid",
        ActivationKind.Tanh => "tanh",
        ActivationKind.Relu => "relu",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Replaces each value by the function of it.</summary>
    public static void Forward(this ActivationKind kind, Span<float> values)
    {
        switch (kind)
        {
            case ActivationKind.Identity:
                break;
            case ActivationKind.Sigmoid:
                Activations.Sigmoid(values, values);
                break;
            case ActivationKind.Tanh:
                Activations.Tanh(values, values);
                break;
            case ActivationKind.Relu:
                Activations.Relu(values, values);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>Multiplies the gradient by the derivative.</summary>
    /// <param name="outputs">What <see cref="Forward"/> gave.</param>
    /// <param name="gradient">The same length.</param>
    public static void Backward(this ActivationKind kind, ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        switch (kind)
        {
            case ActivationKind.Identity:
                break;
            case ActivationKind.Sigmoid:
                Activations.SigmoidBackward(outputs, gradient);
                break;
            case ActivationKind.Tanh:
                Activations.TanhBackward(outputs, gradient);
                break;
            case ActivationKind.Relu:
                Activations.ReluBackward(outputs, gradient);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }
}
