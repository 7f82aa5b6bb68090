using TuningCluster.Golden;
using TuningCluster.Shared.Protocol.Serialization;

namespace TuningCluster.Shared.Tests.Protocol;

public sealed class WireManifestsTests() : ManifestSuite(WireManifests.Table, "wire-v1.jsonl", WireExamples.All);
