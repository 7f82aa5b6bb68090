using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

/// <summary>One activation, what it should give, and how near: the bounds of the kernels' cards in units of <see cref="Ulp"/>.</summary>
internal sealed class ActivationCase
{
    /// <summary>2⁻²³, the unit of the accuracies stated in VectorMath.</summary>
    public const double Ulp = 2 * Floats.Unit;

    /// <summary>Below this the logistic function and softplus stay where they are instead of falling to zero.</summary>
    private const double LogisticFloor = 1.7e-38;

    /// <summary>Where the gated functions are cut off at the left.</summary>
    private static readonly double Cut = Math.Pow(2, -85);

    public delegate void Forward(ReadOnlySpan<float> x, Span<float> y);

    public delegate void Backward(ReadOnlySpan<float> kept, Span<float> gradient);

    public static readonly Dictionary<string, ActivationCase> All = new()
    {
        ["sigmoid"] = new()
        {
            Apply = Activations.Sigmoid, Reference = ActivationsReference.Sigmoid,
            Truth = ReferenceMath.Logistic, Bound = (_, y) => (4 * Ulp * y) + LogisticFloor,
            Slope = Activations.SigmoidBackward, SlopeReference = ActivationsReference.SigmoidBackward,
            Derivative = x => ReferenceMath.Logistic(x) * ReferenceMath.Logistic(-x),
        },
        ["tanh"] = new()
        {
            Apply = Activations.Tanh, Reference = ActivationsReference.Tanh,
            Truth = Math.Tanh, Bound = (_, y) => 3 * Ulp * Math.Abs(y),
            Slope = Activations.TanhBackward, SlopeReference = ActivationsReference.TanhBackward,
            Derivative = x => 1 - (Math.Tanh(x) * Math.Tanh(x)),
        },
        ["relu"] = new()
        {
            Apply = Activations.Relu, Reference = ActivationsReference.Relu,
            Truth = x => x < 0 ? 0 : x, Bound = (_, _) => 0,
            Slope = Activations.ReluBackward, SlopeReference = ActivationsReference.ReluBackward,
            Derivative = x => x > 0 ? 1 : 0,
        },
        ["leaky_relu"] = new()
        {
            Apply = Activations.LeakyRelu, Reference = ActivationsReference.LeakyRelu,
            Truth = x => x < 0 ? 0.01 * x : x, Bound = (_, y) => Ulp * Math.Abs(y),
            Slope = Activations.LeakyReluBackward, SlopeReference = ActivationsReference.LeakyReluBackward,
            Derivative = x => x > 0 ? 1 : 0.01,
        },
        ["elu"] = new()
        {
            Apply = Activations.Elu, Reference = ActivationsReference.Elu,
            Truth = x => x > 0 ? x : ReferenceMath.Expm1(x), Bound = (_, y) => 3 * Ulp * Math.Abs(y),
            Slope = Activations.EluBackward, SlopeReference = ActivationsReference.EluBackward,
            Derivative = x => x > 0 ? 1 : Math.Exp(x),
        },
        ["selu"] = new()
        {
            Apply = Activations.Selu, Reference = ActivationsReference.Selu,
            Truth = x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * ReferenceMath.Expm1(x)), Bound = (_, y) => 4 * Ulp * Math.Abs(y),
            Slope = Activations.SeluBackward, SlopeReference = ActivationsReference.SeluBackward,
            Derivative = x => 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.Exp(x)),
        },
        ["softplus"] = new()
        {
            Apply = Activations.Softplus, Reference = ActivationsReference.Softplus,
            Truth = x => Math.Max(x, 0) + ReferenceMath.Log1p(Math.Exp(-Math.Abs(x))), Bound = (_, y) => (4 * Ulp * y) + LogisticFloor,
            Slope = Activations.SoftplusBackward, SlopeReference = ActivationsReference.SoftplusBackward,
            Derivative = ReferenceMath.Logistic,
        },
        ["gelu"] = new()
        {
            Apply = Activations.Gelu, Reference = ActivationsReference.Gelu,
            Truth = x => x * Normal(x), Bound = (x, y) => Ulp * ((2 * Math.Abs(y)) + (x < -6 ? 0.1 : Math.Abs(x))), TakesInput = true,
            Slope = Activations.GeluBackward, SlopeReference = ActivationsReference.GeluBackward,
            Derivative = x => Normal(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)),
        },
        ["gelu_tanh"] = new()
        {
            Apply = Activations.GeluTanh, Reference = ActivationsReference.GeluTanh,
            Truth = x => x * ReferenceMath.Logistic(Inner(x)),
            Bound = (x, y) => (Ulp * (5 + Math.Min(100, Math.Abs(Inner(x)))) * Math.Abs(y)) + Cut, TakesInput = true,
            Slope = Activations.GeluTanhBackward, SlopeReference = ActivationsReference.GeluTanhBackward,
            Derivative = x => ReferenceMath.Logistic(Inner(x))
                + (x * ReferenceMath.Logistic(Inner(x)) * ReferenceMath.Logistic(-Inner(x)) * Math.Sqrt(8 / Math.PI) * (1 + (3 * 0.044715 * x * x))),
        },
        ["silu"] = new()
        {
            Apply = Activations.Silu, Reference = ActivationsReference.Silu,
            Truth = x => x * ReferenceMath.Logistic(x), Bound = (_, y) => (5 * Ulp * Math.Abs(y)) + Cut, TakesInput = true,
            Slope = Activations.SiluBackward, SlopeReference = ActivationsReference.SiluBackward,
            Derivative = x => ReferenceMath.Logistic(x) * (1 + (x * ReferenceMath.Logistic(-x))),
        },
        ["mish"] = new()
        {
            Apply = Activations.Mish, Reference = ActivationsReference.Mish,
            Truth = x => x * Math.Tanh(Math.Max(x, 0) + ReferenceMath.Log1p(Math.Exp(-Math.Abs(x)))),
            Bound = (_, y) => (7 * Ulp * Math.Abs(y)) + Cut, TakesInput = true,
            Slope = Activations.MishBackward, SlopeReference = ActivationsReference.MishBackward,
            Derivative = x =>
            {
                var tanh = Math.Tanh(Math.Max(x, 0) + ReferenceMath.Log1p(Math.Exp(-Math.Abs(x))));
                return tanh + (x * (1 - (tanh * tanh)) * ReferenceMath.Logistic(x));
            },
        },
        ["hard_swish"] = new()
        {
            Apply = Activations.HardSwish, Reference = ActivationsReference.HardSwish,
            Truth = x => x * Math.Clamp(x + 3, 0, 6) / 6, Bound = (_, y) => 2 * Ulp * Math.Abs(y), TakesInput = true,
            Slope = Activations.HardSwishBackward, SlopeReference = ActivationsReference.HardSwishBackward,
            Derivative = x => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5,
        },
    };

    public required Forward Apply { get; init; }

    public required Forward Reference { get; init; }

    /// <summary>The function in double.</summary>
    public required Func<double, double> Truth { get; init; }

    /// <summary>How far a result may be from the truth y at x, below the normal range apart.</summary>
    public required Func<double, double, double> Bound { get; init; }

    public required Backward Slope { get; init; }

    public required Backward SlopeReference { get; init; }

    /// <summary>The derivative in double.</summary>
    public required Func<double, double> Derivative { get; init; }

    /// <summary>Whether the backward function takes the input instead of the output.</summary>
    public bool TakesInput { get; init; }

    private static double Normal(double x) => 0.5 * (1 + ReferenceMath.Erf(x / Math.Sqrt(2)));

    private static double Inner(double x) => Math.Sqrt(8 / Math.PI) * (x + (0.044715 * x * x * x));
}
