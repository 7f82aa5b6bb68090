using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol.Serialization;
using static TuningCluster.Coordinator.Persistence.StoredEvents;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>The permanent names of everything the journal and the snapshots hold.</summary>
public static class JournalManifests
{
    public static ManifestTable Table { get; } = new([typeof(StudyEvent), typeof(StudySnapshot)],
    [
        Manifest.For<StudyCreated, Stored.StudyCreated>("j:created", Stored.StudyCreated.Parser, Write, Read),
        Manifest.For<TrialSuggested, Stored.TrialSuggested>("j:suggested", Stored.TrialSuggested.Parser, Write, Read),
        Manifest.For<TrialStarted, Stored.TrialStarted>("j:started", Stored.TrialStarted.Parser, Write, Read),
        Manifest.For<ReportsRecorded, Stored.ReportsRecorded>("j:reports", Stored.ReportsRecorded.Parser, Write, Read),
        Manifest.For<TrialCompleted, Stored.TrialCompleted>("j:completed", Stored.TrialCompleted.Parser, Write, Read),
        Manifest.For<TrialPruned, Stored.TrialPruned>("j:pruned", Stored.TrialPruned.Parser, Write, Read),
        Manifest.For<TrialPaused, Stored.TrialPaused>("j:paused", Stored.TrialPaused.Parser, Write, Read),
        Manifest.For<TrialFailed, Stored.TrialFailed>("j:failed", Stored.TrialFailed.Parser, Write, Read),
        Manifest.For<TrialDiverged, Stored.TrialDiverged>("j:diverged", Stored.TrialDiverged.Parser, Write, Read),
        Manifest.For<TrialCancelled, Stored.TrialCancelled>("j:cancelled", Stored.TrialCancelled.Parser, Write, Read),
        Manifest.For<TrialReleased, Stored.TrialReleased>("j:released", Stored.TrialReleased.Parser, Write, Read),
        Manifest.For<TrialEnqueued, Stored.TrialEnqueued>("j:enqueued", Stored.TrialEnqueued.Parser, Write, Read),
        Manifest.For<StudyPaused, Stored.StudyPaused>("j:study-paused", Stored.StudyPaused.Parser, Write, Read),
        Manifest.For<StudyResumed, Stored.StudyResumed>("j:study-resumed", Stored.StudyResumed.Parser, Write, Read),
        Manifest.For<StudyExtended, Stored.StudyExtended>("j:study-extended", Stored.StudyExtended.Parser, Write, Read),
        Manifest.For<SpaceWidened, Stored.SpaceWidened>("j:space-widened", Stored.SpaceWidened.Parser, Write, Read),
        Manifest.For<ReevaluationBegun, Stored.ReevaluationBegun>("j:reevaluation", Stored.ReevaluationBegun.Parser, Write, Read),
        Manifest.For<StudyFinished, Stored.StudyFinished>("j:study-finished", Stored.StudyFinished.Parser, Write, Read),
        Manifest.For<StudySnapshot, Stored.StudySnapshot>("s:study", Stored.StudySnapshot.Parser, StoredSnapshot.Write, StoredSnapshot.Read),
    ]);
}
