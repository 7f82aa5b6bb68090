namespace TuningCluster.TrialWorker.Kernels.Reference;

// The gated functions tend to 0 at −∞, where the formula would be −∞·0.
public static partial class ActivationsReference
{
    private const double NormalDensityAtZero = 0.39894228040143267794;

    /// <inheritdoc cref="Activations.Gelu"/>
    public static void Gelu(ReadOnlySpan<float> x, Span<float> y) => Gate(x, y, Normal);

    /// <inheritdoc cref="Activations.GeluTanh"/>
    public static void GeluTanh(ReadOnlySpan<float> x, Span<float> y) => Gate(x, y, value => ReferenceMath.Logistic(TwiceInner(value)));

    /// <inheritdoc cref="Activations.Silu"/>
    public static void Silu(ReadOnlySpan<float> x, Span<float> y) => Gate(x, y, ReferenceMath.Logistic);

    /// <inheritdoc cref="Activations.Mish"/>
    public static void Mish(ReadOnlySpan<float> x, Span<float> y) => Gate(x, y, value => Math.Tanh(Softplus(value)));

    /// <inheritdoc cref="Activations.HardSwish"/>
    public static void HardSwish(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = x[i] <= -3 ? 0 : x[i] >= 3 ? x[i] : x[i] * (x[i] + 3) / 6;
        }
    }

    /// <inheritdoc cref="Activations.GeluBackward"/>
    public static void GeluBackward(ReadOnlySpan<float> inputs, Span<float> gradient) => Slope(
        inputs, gradient, x => Normal(x) + (x * NormalDensityAtZero * Math.Exp(-x * x / 2)));

    /// <inheritdoc cref="Activations.GeluTanhBackward"/>
    public static void GeluTanhBackward(ReadOnlySpan<float> inputs, Span<float> gradient) => Slope(inputs, gradient, x =>
    {
        var v = TwiceInner(x);
        var bend = 4 * NormalDensityAtZero * (1 + (3 * 0.044715 * x * x));
        return ReferenceMath.Logistic(v) + (x * ReferenceMath.Logistic(v) * ReferenceMath.Logistic(-v) * bend);
    });

    /// <inheritdoc cref="Activations.SiluBackward"/>
    public static void SiluBackward(ReadOnlySpan<float> inputs, Span<float> gradient) => Slope(
        inputs, gradient, x => ReferenceMath.Logistic(x) * (1 + (x * ReferenceMath.Logistic(-x))));

    /// <inheritdoc cref="Activations.MishBackward"/>
    public static void MishBackward(ReadOnlySpan<float> inputs, Span<float> gradient) => Slope(inputs, gradient, x =>
    {
        var tanh = Math.Tanh(Softplus(x));
        return tanh + (x * (1 - (tanh * tanh)) * ReferenceMath.Logistic(x));
    });

    /// <inheritdoc cref="Activations.HardSwishBackward"/>
    public static void HardSwishBackward(ReadOnlySpan<float> inputs, Span<float> gradient)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            gradient[i] *= inputs[i] <= -3 ? 0 : inputs[i] >= 3 ? 1 : (inputs[i] / 3) + 0.5f;
        }
    }

    private static void Gate(ReadOnlySpan<float> x, Span<float> y, Func<double, double> gate)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = float.IsNegativeInfinity(x[i]) ? 0 : (float)(x[i] * gate(x[i]));
        }
    }

    /// <summary>The derivatives are 0 and 1 beyond ±100 to more digits than a double has.</summary>
    private static void Slope(ReadOnlySpan<float> x, Span<float> gradient, Func<double, double> derivative)
    {
        for (var i = 0; i < x.Length; i++)
        {
            gradient[i] *= (float)(x[i] < -100 ? 0 : x[i] > 100 ? 1 : derivative(x[i]));
        }
    }

    private static double Normal(double x) => 0.5 * (1 + ReferenceMath.Erf(x / Math.Sqrt(2)));

    private static double TwiceInner(double x) => 4 * NormalDensityAtZero * (x + (0.044715 * x * x * x));

    private static double Softplus(double x) => Math.Max(x, 0) + ReferenceMath.Log1p(Math.Exp(-Math.Abs(x)));
}
