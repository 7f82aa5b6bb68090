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

    /// <summary>Mean over rows of −ln softmax(outputs)[class].</summary>
    CrossEntropy,

    /// <summary>Mean over rows of max(0, 1 + best wrong output − output of the class).</summary>
    Hinge,
}

public static class LossKinds
{
    /// <param name="name">As in the study file; null is the task's default.</param>
    /// <param name="task">What the network learns.</param>
    /// <exception cref="ArgumentException">No such loss, or one that needs classes for a regression.</exception>
    public static LossKind Parse(string? name, LearningTask task)
    {
        var kind = name switch
        {
            null => task == LearningTask.Classification ? LossKind.CrossEntropy : LossKind.MeanSquared,
            "mse" => LossKind.MeanSquared,
            "mae" => LossKind.MeanAbsolute,
            "cross_entropy" => LossKind.CrossEntropy,
            "hinge" => LossKind.Hinge,
            _ => throw new ArgumentException($"'{name}' is no loss.", nameof(name)),
        };
        return task == LearningTask.Classification || !kind.NeedsClasses()
            ? kind
            : throw new ArgumentException($"The loss {name} compares classes, and the task is regression: use mse or mae.", nameof(name));
    }

    public static bool NeedsClasses(this LossKind kind) => kind is LossKind.CrossEntropy or LossKind.Hinge;

    /// <summary>What a loss of scaled targets is multiplied by to be in the target's own units: scale² for squares, scale for absolute
    /// differences.</summary>
    /// <param name="targetScale">What regression targets were divided by.</param>
    public static double Unit(this LossKind kind, double targetScale) => kind switch
    {
        LossKind.MeanSquared => targetScale * targetScale,
        LossKind.MeanAbsolute => targetScale,
        _ => 1,
    };

    /// <summary>Sum over the rows of each row's loss; the gradient is that of the mean over the rows.</summary>
    /// <param name="rows">Number of rows n ≥ 1.</param>
    /// <param name="width">Outputs that count in each row.</param>
    /// <param name="outputs">Shape [n, width], rows <paramref name="stride"/> apart, zeros between, as <see cref="NetworkPass"/> has it.</param>
    /// <param name="targets">What the rows should give.</param>
    /// <param name="gradient">Receives the shape of <paramref name="outputs"/>, zeros between; empty when only the loss is wanted.</param>
    public static double Sum(
        this LossKind kind, int rows, int width, ReadOnlySpan<float> outputs, int stride, TargetBlock targets, Span<float> gradient)
    {
        var values = outputs[..(rows * stride)];
        var slopes = gradient.IsEmpty ? gradient : gradient[..(rows * stride)];
        return kind switch
        {
            LossKind.MeanSquared => RegressionLosses.Squared(values, targets.Dense[..values.Length], 1f / rows / width, slopes) / width,
            LossKind.MeanAbsolute => RegressionLosses.Absolute(values, targets.Dense[..values.Length], 1f / rows / width, slopes) / width,
            LossKind.CrossEntropy => ClassificationLosses.CrossEntropy(rows, width, values, stride, targets.Labels, 1f / rows, slopes),
            LossKind.Hinge => ClassificationLosses.Hinge(rows, width, values, stride, targets.Labels, 1f / rows, slopes),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
