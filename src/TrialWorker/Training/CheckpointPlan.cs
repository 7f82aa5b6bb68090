using TuningCluster.Shared.Trials;

namespace TuningCluster.TrialWorker.Training;

/// <summary>When a training keeps its state, and from which it goes on.</summary>
/// <param name="Resume">What <paramref name="Keep"/> was given by an earlier attempt at the same trial; null to begin.</param>
/// <param name="Every">Least training time between two checkpoints. One more is kept when training is told to stop.</param>
/// <param name="Keep">Takes a checkpoint; the bytes are its own.</param>
public sealed record CheckpointPlan(byte[]? Resume, TimeSpan Every, Action<byte[]> Keep)
{
    /// <summary>The part of the epochs that is trained; null for all of them.</summary>
    public SegmentPlan? Segment { get; init; }
}

/// <summary>What a training of some of the epochs begins with, and what it leaves.</summary>
/// <param name="Segment">Which epochs, and whose weights.</param>
/// <param name="Parent">What the parent's <paramref name="Leave"/> was given; null when there is none, or when an earlier attempt's checkpoint is gone on from.</param>
/// <param name="Leave">Takes the state after the last epoch, unless that ends the training; the bytes are its own. Called before the training returns.</param>
public sealed record SegmentPlan(TrialSegment Segment, byte[]? Parent, Action<byte[]> Leave);

/// <summary>The state that a training was to begin with is missing, or is another's.</summary>
public sealed class ParentStateException(string message, Exception? inner = null) : Exception(message, inner);
