using TuningCluster.Shared.Models;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;

namespace TuningCluster.TrialWorker.Tests.Docs;

/// <summary>The pictures of docs/network.md, drawn by the product's own kernels.</summary>
internal static class Plots
{
    private const int PointsOfRun = 120;

    private const int Epochs = 30;
    private const int BatchesPerEpoch = 10;

    /// <summary>Where derivatives jump.</summary>
    private static readonly Dictionary<string, float[]> Kinks = new()
    {
        ["relu"] = [0],
        ["leaky_relu"] = [0],
        ["selu"] = [0],
        ["hard_swish"] = [-3, 3],
    };

    /// <param name="gradient">Receives the derivative in its first place; empty when only the loss is wanted.</param>
    private delegate double LossKernel(float x, Span<float> gradient);

    /// <summary>Every picture by its file's name.</summary>
    public static IReadOnlyDictionary<string, Func<string>> All { get; } =
        ModelSettings.Find("activation")!.Choices.Select(name => ($"activation-{name}.svg", (Func<string>)(() => Activation(name))))
            .Append(("losses-of-numbers.svg", LossesOfNumbers))
            .Append(("losses-of-two-classes.svg", LossesOfTwoClasses))
            .Append(("schedules.svg", Schedules))
            .ToDictionary(p => p.Item1, p => p.Item2);

    private static string Activation(string name)
    {
        var kind = ActivationKinds.Parse(name);
        var (low, high, step) = kind is ActivationKind.Sigmoid or ActivationKind.Tanh ? (-1.5, 1.5, 0.5) : (-2, 5, 1.0);
        var kinks = Kinks.GetValueOrDefault(name, []);
        return SvgPlot.Write(name, new PlotPanel("x", -5, 5, 1, low, high, step,
        [
            Line("f(x)", [], -5, 5, x => Value(kind, x)),
            Line("f′(x)", kinks, -5, 5, x => Slope(kind, x)),
        ]));
    }

    private static string LossesOfNumbers() => Losses("Losses of one output by d = output − target", "d", -3, 3, 0, 4, -3, 3,
    [
        ("mse", [], (d, gradient) => RegressionLosses.Squared([d], [0], 1, gradient[..Math.Min(1, gradient.Length)])),
        ("mae", [0], (d, gradient) => RegressionLosses.Absolute([d], [0], 1, gradient[..Math.Min(1, gradient.Length)])),
        ("huber, δ = 1", [], (d, gradient) => RegressionLosses.Huber([d], [0], 1, 1, gradient[..Math.Min(1, gradient.Length)])),
        ("log_cosh", [], (d, gradient) => RegressionLosses.LogCosh([d], [0], 1, gradient[..Math.Min(1, gradient.Length)])),
    ]);

    private static string LossesOfTwoClasses() => Losses("Losses of the second class by the output z", "z", -3, 3, 0, 4, -4, 1,
    [
        ("hinge", [1], (z, gradient) => BinaryLosses.Hinge(1, Row(z), KernelPath.Lanes, [1], 1, gradient)),
        ("squared_hinge", [], (z, gradient) => BinaryLosses.SquaredHinge(1, Row(z), KernelPath.Lanes, [1], 1, gradient)),
        ("binary_cross_entropy", [], (z, gradient) => BinaryLosses.CrossEntropy(1, Row(z), KernelPath.Lanes, [1], 1, gradient)),
    ]);

    private static string Losses(
        string title, string variable, float from, float to, double low, double high, double lowSlope, double highSlope,
        IReadOnlyList<(string Name, float[] Kinks, LossKernel Kernel)> losses) => SvgPlot.Write(
        title,
        new PlotPanel($"{variable}: loss", from, to, 1, low, high, 1, [.. losses.Select(l => Line(l.Name, [], from, to, x => l.Kernel(x, [])))]),
        new PlotPanel($"{variable}: derivative", from, to, 1, lowSlope, highSlope, 1,
            [.. losses.Select(l => Line(l.Name, l.Kinks, from, to, x => SlopeOf(l.Kernel, x)))]));

    private static string Schedules()
    {
        return SvgPlot.Write(
            "Share of learning_rate by epoch, of 30",
            Panel("epoch: by epochs", ("constant", "constant", 0), ("step", "step", 0), ("exponential", "exponential", 0), ("reduce_on_plateau", "reduce_on_plateau", 0)),
            Panel("epoch: by mini-batches", ("cosine", "cosine", 0), ("one_cycle", "one_cycle", 0), ("cosine, warm-up 5", "cosine", 5), ("constant, warm-up 5", "constant", 5)));

        static PlotPanel Panel(string label, params IReadOnlyList<(string Label, string Schedule, int Warmup)> lines) =>
            new(label, 0, Epochs, 5, 0, 1, 0.2, [.. lines.Select(l => new PlotLine(l.Label, [Rates(l.Schedule, l.Warmup)]))]);
    }

    /// <summary>The rates of a training whose validation loss falls for five epochs and then stays.</summary>
    private static List<(double X, double Y)> Rates(string name, int warmup)
    {
        var settings = ScheduleSettings.Resolve(name, null, null, (int)ModelSettings.Find("schedule_patience")!.Default!.Value.AsInt(), 0, warmup, Epochs);
        var schedule = new LearningRateSchedule(settings, 1, BatchesPerEpoch, Epochs);
        var rates = new List<(double, double)>();
        for (var step = 0; step < Epochs * BatchesPerEpoch; step++)
        {
            rates.Add(((double)step / BatchesPerEpoch, schedule.Rate(step)));
            if ((step + 1) % BatchesPerEpoch == 0)
            {
                schedule.EndEpoch(Math.Max(1, 6 - (step / BatchesPerEpoch)));
            }
        }

        return rates;
    }

    /// <summary>A function between two ends, interrupted at its kinks, where it may jump.</summary>
    private static PlotLine Line(string label, float[] kinks, float from, float to, Func<float, double> function)
    {
        var runs = new List<IReadOnlyList<(double, double)>>();
        float[] ends = [from, .. kinks, to];
        for (var i = 0; i < ends.Length - 1; i++)
        {
            var first = i == 0 ? from : MathF.BitIncrement(ends[i]);
            var last = i == ends.Length - 2 ? to : MathF.BitDecrement(ends[i + 1]);
            runs.Add([.. Enumerable.Range(0, PointsOfRun + 1).Select(p => Point(first, last, p))]);
        }

        return new PlotLine(label, runs);

        (double, double) Point(float first, float last, int p)
        {
            var x = p == PointsOfRun ? last : first + ((last - first) * p / PointsOfRun);
            return (x, function(x));
        }
    }

    private static double Value(ActivationKind kind, float x)
    {
        Span<float> y = [0];
        kind.Forward([x], y);
        return y[0];
    }

    private static double Slope(ActivationKind kind, float x)
    {
        Span<float> gradient = [1];
        kind.Backward([kind.NeedsInputs() ? x : (float)Value(kind, x)], gradient);
        return gradient[0];
    }

    private static double SlopeOf(LossKernel kernel, float x)
    {
        var gradient = Row(0);
        kernel(x, gradient);
        return gradient[0];
    }

    /// <summary>A row as the losses of two classes have it: the output is the first of eight floats.</summary>
    private static float[] Row(float z) => [z, .. new float[KernelPath.Lanes - 1]];
}
