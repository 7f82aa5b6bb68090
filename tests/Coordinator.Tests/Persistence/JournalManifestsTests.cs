using TuningCluster.Coordinator.Persistence;
using TuningCluster.Golden;

namespace TuningCluster.Coordinator.Tests.Persistence;

public sealed class JournalManifestsTests() : ManifestSuite(JournalManifests.Table, "journal-v1.jsonl", JournalExamples.All);
