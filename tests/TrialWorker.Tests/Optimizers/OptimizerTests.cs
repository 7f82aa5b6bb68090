using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;

namespace TuningCluster.TrialWorker.Tests.Optimizers;

public class OptimizerTests
{
    private static readonly ParameterBlock[] Blocks = [new(0, 2, true), new(2, 1, false)];

    [Fact]
    public void Sgd_goes_down_the_gradient_and_decays_weights_only()
    {
        float[] parameters = [1, 2, 3];
        new SgdOptimizer(3, 0.5f, 0, 0.1f).Step(parameters, [1, 0, 0], Blocks);
        Assert.Equal([1 - (0.5f * 1.1f), 2 - (0.5f * 0.2f), 3], parameters, (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Momentum_adds_up_a_constant_gradient()
    {
        float[] parameters = [0, 0, 0];
        var optimizer = new SgdOptimizer(3, 1, 0.5f, 0);
        optimizer.Step(parameters, [1, 0, 0], Blocks);
        optimizer.Step(parameters, [1, 0, 0], Blocks);
        optimizer.Step(parameters, [1, 0, 0], Blocks);
        Assert.Equal(-(1 + 1.5f + 1.75f), parameters[0], 1e-6f);
    }

    [Theory]
    [InlineData(1e-3f)]
    [InlineData(1e3f)]
    public void Adams_first_step_is_the_learning_rate_whatever_the_gradients_size(float gradient)
    {
        float[] parameters = [0, 0, 0];
        new AdamOptimizer(3, 0.01, 0.9f, 0.999f, 1e-8, 0).Step(parameters, [gradient, -gradient, 0], Blocks);
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
        var optimizer = new AdamOptimizer(3, rate, beta1, beta2, epsilon, 0);
        var (w, m, v) = (0.5, 0.0, 0.0);
        for (var t = 1; t <= 50; t++)
        {
            var gradient = (float)Math.Sin(t);
            optimizer.Step(parameters, [gradient, 0, 0], Blocks);
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
        new AdamOptimizer(3, 0.01, 0.9f, 0.999f, 1e-300, 0).Step(parameters, [0, 0, 0], Blocks);
        Assert.Equal([1, 2, 3], parameters);
    }
}
