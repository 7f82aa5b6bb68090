using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Actors;

/// <summary>What every study's actor needs.</summary>
/// <param name="LocalWorker">Name of the worker that lives in this process; null when there is none.</param>
/// <param name="CreateSampler">The strategy of a study.</param>
/// <param name="Blobs">Blocks of finished trials, weights.</param>
/// <param name="ModelRunner">Scores the best trial on the test part.</param>
/// <param name="RemoteWorkerJoined">Told when a worker of another process is first heard of: what it is told must survive a power cut.</param>
/// <param name="Chosen">Told when the coordinator's actor starts in this process.</param>
/// <param name="Fenced">Told when somebody else has written a study's journal: this process must write no more.</param>
public sealed record StudyActorSettings(
    TimeSpan LeaseDuration,
    string? LocalWorker,
    Func<StudySpec, ISampler> CreateSampler,
    IBlobStore Blobs,
    IModelRunner ModelRunner,
    TimeProvider Time,
    Action? RemoteWorkerJoined = null,
    Action? Chosen = null,
    Action<string>? Fenced = null);
