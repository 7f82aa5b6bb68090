using System.Diagnostics;
using System.Runtime.CompilerServices;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>What training minimises.</summary>
public enum LossKind
{
    /// <summary>Mean over rows and outputs of the squared difference; for classes against one-hot targets.</summary>
    MeanSquared,

    /// <summary>Mean over rows and outputs of the absolute difference; for classes against one-hot targets.</summary>
    MeanAbsolute,

    /// <summary>Mean over rows and outputs: ½d² up to a difference of δ, δ(|d| − ½δ) beyond (Huber 1964).</summary>
    Huber,

    /// <summary>Mean over rows and outputs of ln cosh d.</summary>
    LogCosh,

    /// <summary>Mean over rows of −ln softmax(outputs)[class].</summary>
    CrossEntropy,

    /// <summary>Two classes, one output z: mean over rows of −ln σ(z) for the second class, −ln σ(−z) for the first.</summary>
    BinaryCrossEntropy,

    /// <summary>Mean over rows of max(0, 1 + best wrong output − output of the class); with two classes and one output z, max(0, 1 ∓ z).</summary>
    Hinge,

    /// <summary>The square of <see cref="Hinge"/> of each row.</summary>
    SquaredHinge,
}

/// <summary>How a loss is set.</summary>
/// <param name="HuberDelta">δ, in the units of the targets as scaled; > 0.</param>
/// <param name="LabelSmoothing">Share of each label spread over all classes, in [0, 1).</param>
/// <param name="IsBalanced">Whether rows of rare classes weigh more.</param>
public sealed record LossSettings(LossKind Kind, double HuberDelta = 1, double LabelSmoothing = 0, bool IsBalanced = false)
{
    private static readonly (string Word, LossKind Kind)[] Table =
    [
        ("mse", LossKind.MeanSquared),
        ("mae", LossKind.MeanAbsolute),
        ("huber", LossKind.Huber),
        ("log_cosh", LossKind.LogCosh),
        ("cross_entropy", LossKind.CrossEntropy),
        ("binary_cross_entropy", LossKind.BinaryCrossEntropy),
        ("hinge", LossKind.Hinge),
        ("squared_hinge", LossKind.SquaredHinge),
    ];

    /// <summary>Whether the loss compares classes as such, not numbers.</summary>
    public bool NeedsClasses => Kind is LossKind.CrossEntropy or LossKind.BinaryCrossEntropy or LossKind.Hinge or LossKind.SquaredHinge;

    /// <param name="name">As in the study file; null is the task's default.</param>
    /// <exception cref="ArgumentException">No such loss.</exception>
    public static LossKind Parse(string? name, LearningTask task) => name is null
        ? task == LearningTask.Classification ? LossKind.CrossEntropy : LossKind.MeanSquared
        : Words.Parse(Table, name, "loss");

    /// <summary>Outputs a network needs for this loss.</summary>
    /// <param name="width">Number of classes, or of targets.</param>
    public int OutputsFor(int width) => IsSingle(width) ? 1 : width;

    /// <summary>Why the loss does not go with the data; null when it does.</summary>
    /// <param name="width">Number of classes, or of targets.</param>
    public string? Refuse(LearningTask task, int width) =>
        task == LearningTask.Regression && NeedsClasses
            ? $"The loss {Words.Of(Table, Kind)} compares classes, and the task is regression: use mse, mae, huber or log_cosh."
        : Kind == LossKind.BinaryCrossEntropy && width != 2
            ? $"The loss binary_cross_entropy is for two classes, and there are {width}: use cross_entropy."
        : null;

    /// <summary>The loss of a data set.</summary>
    /// <param name="width">Number of classes, or of targets.</param>
    /// <param name="weights">One a class; empty for all 1.</param>
    /// <exception cref="ArgumentException">It does not go with the data.</exception>
    public Loss Create(LearningTask task, int width, float[] weights) => Refuse(task, width) is { } why
        ? throw new ArgumentException(why, nameof(task))
        : new Loss(this, OutputsFor(width), IsSingle(width), weights);

    private bool IsSingle(int width) =>
        Kind == LossKind.BinaryCrossEntropy || (width == 2 && Kind is LossKind.Hinge or LossKind.SquaredHinge);
}

/// <summary>A loss as a data set needs it.</summary>
/// <param name="settings">Which, and how set.</param>
/// <param name="outputs">Outputs of the network.</param>
/// <param name="isSingle">Whether two classes share one output: above zero is the second.</param>
/// <param name="weights">One a class; empty for all 1.</param>
public sealed class Loss(LossSettings settings, int outputs, bool isSingle, float[] weights)
{
    /// <summary>Outputs of the network.</summary>
    public int Outputs => outputs;

    public LossKind Kind => settings.Kind;

    /// <summary>Whether two classes share one output: above zero is the second.</summary>
    public bool IsSingle => isSingle;

    /// <summary>Whether targets are read as numbers laid out like the outputs, not as class indices.</summary>
    public bool ReadsNumbers => !settings.NeedsClasses;

    /// <summary>The loss by which networks are compared: without smoothing and weights, which only shape training.</summary>
    public Loss ForScores => new(settings with { LabelSmoothing = 0, IsBalanced = false }, outputs, isSingle, []);

    /// <summary>Sum over the rows of each row's loss; the gradient is that of the mean over the rows.</summary>
    /// <param name="rows">Number of rows n ≥ 1.</param>
    /// <param name="values">The network's outputs, shape [n, outputs], rows <paramref name="stride"/> apart.</param>
    /// <param name="targets">What the rows should give.</param>
    /// <param name="gradient">Receives the shape of <paramref name="values"/>, zeros between; empty when only the loss is wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Sum(int rows, ReadOnlySpan<float> values, int stride, TargetBlock targets, Span<float> gradient)
    {
        values = values[..(rows * stride)];
        gradient = gradient.IsEmpty ? gradient : gradient[..(rows * stride)];
        var numbers = ReadsNumbers ? targets.Dense[..values.Length] : default;
        var scale = 1f / rows;
        var smoothing = (float)settings.LabelSmoothing;
        return settings.Kind switch
        {
            LossKind.MeanSquared => RegressionLosses.Squared(values, numbers, scale / outputs, gradient) / outputs,
            LossKind.MeanAbsolute => RegressionLosses.Absolute(values, numbers, scale / outputs, gradient) / outputs,
            LossKind.Huber => RegressionLosses.Huber(values, numbers, (float)settings.HuberDelta, scale / outputs, gradient) / outputs,
            LossKind.LogCosh => RegressionLosses.LogCosh(values, numbers, scale / outputs, gradient) / outputs,
            LossKind.CrossEntropy => ClassificationLosses.CrossEntropy(rows, outputs, values, stride, targets.Labels, scale, gradient, smoothing, weights),
            LossKind.BinaryCrossEntropy => BinaryLosses.CrossEntropy(rows, values, stride, targets.Labels, scale, gradient, smoothing, weights),
            LossKind.Hinge when isSingle => BinaryLosses.Hinge(rows, values, stride, targets.Labels, scale, gradient, weights),
            LossKind.Hinge => ClassificationLosses.Hinge(rows, outputs, values, stride, targets.Labels, scale, gradient, weights),
            LossKind.SquaredHinge when isSingle => BinaryLosses.SquaredHinge(rows, values, stride, targets.Labels, scale, gradient, weights),
            LossKind.SquaredHinge => ClassificationLosses.SquaredHinge(rows, outputs, values, stride, targets.Labels, scale, gradient, weights),
            _ => throw new UnreachableException($"No loss for {settings.Kind}."),
        };
    }

    /// <summary>What a loss of scaled targets is multiplied by to be in the target's own units; 1 where there is no such factor: for classes,
    /// for log_cosh, and for several targets, whose units differ.</summary>
    /// <param name="targetScales">What each regression target was divided by.</param>
    public double Unit(IReadOnlyList<float> targetScales) => targetScales is not [var scale] ? 1 : settings.Kind switch
    {
        LossKind.MeanSquared or LossKind.Huber => (double)scale * scale,
        LossKind.MeanAbsolute => scale,
        _ => 1,
    };
}
