using TuningCluster.TrialWorker.Optimizers;

namespace TuningCluster.TrialWorker.Tests.Optimizers;

public class OptimizerTests
{
    public static readonly TheoryData<string> All = new("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "nadam", "lion");

    [Fact]
    public void Sgd_goes_down_the_gradient_and_decays_weights_only()
    {
        float[] parameters = [1, 2, 3];
        Step(Settings("sgd", 0.5, weightDecay: 0.1).Create(3), 0.5, parameters, [1, 0, 0]);
        Assert.Equal([1 - (0.5f * 1.1f), 2 - (0.5f * 0.2f), 3], parameters, (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Momentum_adds_up_a_constant_gradient()
    {
        float[] parameters = [0, 0, 0];
        var optimizer = Settings("momentum", 1, momentum: 0.5).Create(3);
        for (var i = 0; i < 3; i++)
        {
            Step(optimizer, 1, parameters, [1, 0, 0]);
        }

        Assert.Equal(-(1 + 1.5f + 1.75f), parameters[0], 1e-6f);
    }

    [Theory]
    [InlineData("adam", 1e-3f)]
    [InlineData("adam", 1e3f)]
    [InlineData("lion", 1e-3f)]
    public void A_first_step_is_the_learning_rate_whatever_the_gradients_size(string name, float gradient)
    {
        float[] parameters = [0, 0, 0];
        Step(Settings(name, 0.01).Create(3), 0.01, parameters, [gradient, -gradient, 0]);
        Assert.Equal(-0.01, parameters[0], 1e-6);
        Assert.Equal(0.01, parameters[1], 1e-6);
        Assert.Equal(0, parameters[2]);
    }

    [Fact]
    public void Adam_follows_algorithm_one_of_the_paper()
    {
        const double rate = 0.02, epsilon = 1e-3;
        const float beta1 = 0.8f, beta2 = 0.95f;
        float[] parameters = [0.5f, -0.5f, 1];
        var optimizer = (Settings("adam", rate) with { Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon }).Create(3);
        var (w, m, v) = (0.5, 0.0, 0.0);
        for (var t = 1; t <= 50; t++)
        {
            var gradient = (float)Math.Sin(t);
            Step(optimizer, rate, parameters, [gradient, 0, 0]);
            m = (beta1 * m) + ((1 - beta1) * gradient);
            v = (beta2 * v) + ((1 - beta2) * gradient * gradient);
            w -= rate * (m / (1 - Math.Pow(beta1, t))) / (Math.Sqrt(v / (1 - Math.Pow(beta2, t))) + epsilon);
        }

        Assert.Equal(w, parameters[0], 50 * 1e-7);
    }

    [Fact]
    public void Adam_leaves_parameters_without_gradient_alone_however_small_epsilon_is()
    {
        float[] parameters = [1, 2, 3];
        Step((Settings("adam", 0.01) with { Epsilon = 1e-300 }).Create(3), 0.01, parameters, [0, 0, 0]);
        Assert.Equal([1, 2, 3], parameters);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Goes_on_bit_for_bit_from_what_it_wrote(string name)
    {
        var settings = Settings(name, 0.01, momentum: 0.5);
        float[] parameters = [1, -2, 3];
        var optimizer = settings.Create(3);
        for (var t = 1; t <= 7; t++)
        {
            Step(optimizer, 0.01, parameters, [MathF.Sin(t), MathF.Cos(t), 1]);
        }

        using var stream = new MemoryStream();
        optimizer.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var other = settings.Create(3);
        other.Read(new BinaryReader(stream));
        Assert.Equal(stream.Length, stream.Position);
        var copy = parameters.ToArray();
        for (var t = 8; t <= 12; t++)
        {
            Step(optimizer, 0.01, parameters, [MathF.Sin(t), MathF.Cos(t), 1]);
            Step(other, 0.01, copy, [MathF.Sin(t), MathF.Cos(t), 1]);
        }

        Assert.Equal(parameters, copy);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Moves_a_part_as_it_would_move_the_whole(string name)
    {
        var settings = Settings(name, 0.01, momentum: 0.9);
        var gradient = Enumerable.Range(0, 40).Select(i => MathF.Sin(i)).ToArray();
        var whole = Enumerable.Range(0, 40).Select(i => MathF.Cos(i)).ToArray();
        var parts = whole.ToArray();
        var first = settings.Create(40);
        var second = settings.Create(40);
        for (var t = 0; t < 3; t++)
        {
            first.Begin(0.01);
            first.Apply(0, whole, gradient, true);
            second.Begin(0.01);
            second.Apply(16, parts.AsSpan(16, 24), gradient.AsSpan(16, 24), true);
            second.Apply(0, parts.AsSpan(0, 16), gradient.AsSpan(0, 16), true);
        }

        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Fills_in_the_defaults_of_each_kind()
    {
        Assert.Equal(0, Settings("sgd", 1).Momentum);
        Assert.Equal(0.9, Settings("momentum", 1).Momentum);
        Assert.Equal(0.9, Settings("nesterov", 1).Momentum);
        Assert.Equal(0.01, Settings("adamw", 1).WeightDecay);
        Assert.Equal(0, Settings("adam", 1).WeightDecay);
        Assert.Equal(0.99, Settings("lion", 1).Beta2);
        Assert.Equal(0.999, Settings("nadam", 1).Beta2);
        Assert.Throws<ArgumentException>(() => Settings("adagrad", 1));
    }

    private static OptimizerSettings Settings(string name, double rate, double? momentum = null, double? weightDecay = null) =>
        OptimizerSettings.Resolve(name, rate, momentum, 0.9, null, 0.99, 1e-8, weightDecay, 0);

    /// <summary>The first two are weights, the third a bias.</summary>
    private static void Step(Optimizer optimizer, double rate, float[] parameters, float[] gradient)
    {
        optimizer.Begin(rate);
        optimizer.Apply(0, parameters.AsSpan(0, 2), gradient.AsSpan(0, 2), true);
        optimizer.Apply(2, parameters.AsSpan(2, 1), gradient.AsSpan(2, 1), false);
    }
}
