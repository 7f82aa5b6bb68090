using static TuningCluster.Shared.Protocol.Serialization.WireOutcome;
using static TuningCluster.Shared.Protocol.Serialization.WireValues;

namespace TuningCluster.Shared.Protocol.Serialization;

/// <summary>The permanent names of everything that travels between nodes.</summary>
public static class WireManifests
{
    public static ManifestTable Table { get; } = new([typeof(IWireMessage)],
    [
        Manifest.For("w:beat", Wire.WorkerBeat.Parser,
            (WorkerBeat m) => new Wire.WorkerBeat { Worker = m.Worker, Incarnation = m.Incarnation, Slots = m.Slots, Held = { m.Held.Select(WriteHeld) } },
            m => new WorkerBeat(m.Worker, m.Incarnation, m.Slots, [.. m.Held.Select(ReadHeld)])),
        Manifest.For("w:run", Wire.RunTrial.Parser, WriteRun, ReadRun),
        Manifest.For("w:stop", Wire.StopTrial.Parser,
            (StopTrial m) => new Wire.StopTrial { Key = WriteKey(m.Key), Reason = WriteStop(m.Reason) },
            m => new StopTrial(ReadKey(m.Key), ReadStop(m.Reason))),
        Manifest.For("w:sweep", Wire.SweepCheckpoints.Parser,
            (SweepCheckpoints m) => new Wire.SweepCheckpoints { Study = m.Study, Below = m.Below },
            m => new SweepCheckpoints(m.Study, m.Below)),
        Manifest.For("w:drain", Wire.DrainWorker.Parser, (DrainWorker _) => new Wire.DrainWorker(), _ => new DrainWorker()),
        Manifest.For("w:welcome", Wire.WelcomeWorker.Parser, (WelcomeWorker m) => new Wire.WelcomeWorker { Blobs = m.Blobs }, m => new WelcomeWorker(m.Blobs)),
        Manifest.For("w:find-active", Wire.FindActive.Parser, (FindActive _) => new Wire.FindActive(), _ => new FindActive()),
        Manifest.For("w:active-at", Wire.ActiveAt.Parser, (ActiveAt m) => new Wire.ActiveAt { Api = m.Api }, m => new ActiveAt(m.Api)),
        Manifest.For("w:values", Wire.ReportValues.Parser,
            (ReportValues m) => new Wire.ReportValues { Worker = m.Worker, Key = WriteKey(m.Key), Values = Write(m.Values) },
            m => new ReportValues(m.Worker, ReadKey(m.Key), Read(m.Values))),
        Manifest.For("w:outcome", Wire.ReportOutcome.Parser,
            (ReportOutcome m) => new Wire.ReportOutcome { Worker = m.Worker, Key = WriteKey(m.Key), Outcome = WriteOutcome(m.Outcome) },
            m => new ReportOutcome(m.Worker, ReadKey(m.Key), ReadOutcome(m.Outcome))),
        Manifest.For("w:ack", Wire.AcknowledgeOutcome.Parser,
            (AcknowledgeOutcome m) => new Wire.AcknowledgeOutcome { Key = WriteKey(m.Key) },
            m => new AcknowledgeOutcome(ReadKey(m.Key))),
    ]);

    private static Wire.AttemptKey WriteKey(AttemptKey key) =>
        new() { Study = key.Study, Number = key.Number, Attempt = key.Attempt, Lease = key.Lease };

    private static AttemptKey ReadKey(Wire.AttemptKey? written)
    {
        var key = Required(written, "key");
        return new AttemptKey(key.Study, key.Number, key.Attempt, key.Lease);
    }

    private static Wire.HeldAttempt WriteHeld(HeldAttempt held) => new() { Key = WriteKey(held.Key), Step = held.Step };

    private static HeldAttempt ReadHeld(Wire.HeldAttempt written) => new(ReadKey(written.Key), written.Step);

    private static Wire.RunTrial WriteRun(RunTrial m)
    {
        var written = new Wire.RunTrial { Key = WriteKey(m.Key), Spec = m.Spec, Seed = m.Seed, Parameters = Write(m.Parameters) };
        if (m.Incumbent is { } incumbent)
        {
            written.Incumbent = incumbent;
        }

        if (m.Until is { } until)
        {
            written.Until = until;
        }

        if (m.Segment is { } segment)
        {
            written.Segment = Write(segment);
        }

        return written;
    }

    private static RunTrial ReadRun(Wire.RunTrial m) =>
        new(ReadKey(m.Key), m.Spec, m.Seed, Read(m.Parameters), m.HasIncumbent ? m.Incumbent : null, m.HasUntil ? m.Until : null, Read(m.Segment));

    private static Wire.StopReason WriteStop(StopReason reason) => reason switch
    {
        StopReason.Cancelled => Wire.StopReason.Cancelled,
        StopReason.Superseded => Wire.StopReason.Superseded,
        StopReason.Pruned => Wire.StopReason.Pruned,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Has no place in wire.proto."),
    };

    private static StopReason ReadStop(Wire.StopReason written) => written switch
    {
        Wire.StopReason.Cancelled => StopReason.Cancelled,
        Wire.StopReason.Superseded => StopReason.Superseded,
        Wire.StopReason.Pruned => StopReason.Pruned,
        _ => throw Unknown("stop reason", written),
    };
}
