using System.Diagnostics;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>Makes the objective a study names; data is loaded once and shared.</summary>
/// <param name="blobs">Where data comes from and weights go to.</param>
/// <param name="checkpoints">Where unfinished trainings wait.</param>
/// <param name="data">Shared with whoever else reads data in this process.</param>
public sealed class ObjectiveFactory(IBlobStore blobs, ICheckpointStore checkpoints, DataSetCache data, TimeProvider time) : IObjectiveFactory
{
    /// <summary>With a cache of its own.</summary>
    public ObjectiveFactory(IBlobStore blobs, ICheckpointStore checkpoints, Func<DataSpec, byte[], StudyData> load, TimeProvider time)
        : this(blobs, checkpoints, new DataSetCache(blobs, load), time)
    {
    }

    /// <inheritdoc/>
    public IObjective Create(string studyId, StudySpec spec) => spec.Objective.Kind switch
    {
        ObjectiveKind.Function => new FunctionObjective(
            spec.Objective.Function ?? throw new ArgumentException("The function objective names no function.", nameof(spec)), spec.Objective.Metric),
        ObjectiveKind.Network => new NetworkObjective(
            studyId, spec, data.Get(spec.Data ?? throw new ArgumentException("The network objective has no data.", nameof(spec))), blobs, checkpoints, time),
        _ => throw new UnreachableException($"No objective for {spec.Objective.Kind}."),
    };

    /// <inheritdoc/>
    public void Share(string studyId, int number) => checkpoints.Share(studyId, number);

    /// <inheritdoc/>
    public void Discard(string studyId, int number) => checkpoints.Remove(studyId, number);

    /// <inheritdoc/>
    public void Sweep(string studyId, int below) => checkpoints.SweepLeft(studyId, below);
}
