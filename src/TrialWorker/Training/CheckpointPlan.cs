namespace TuningCluster.TrialWorker.Training;

/// <summary>When a training keeps its state, and from which it goes on.</summary>
/// <param name="Resume">What <paramref name="Keep"/> was given by an earlier attempt at the same trial; null to begin.</param>
/// <param name="Every">Least training time between two checkpoints. One more is kept when training is told to stop.</param>
/// <param name="Keep">Takes a checkpoint; the bytes are its own.</param>
public sealed record CheckpointPlan(byte[]? Resume, TimeSpan Every, Action<byte[]> Keep);
