using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Shared.Tests.Protocol;

/// <summary>One message of every kind, with every kind of value. Their bytes are in <c>Golden/wire-v1.jsonl</c>.</summary>
internal static class WireExamples
{
    private static readonly AttemptKey Key = new("digits.1.0a1b2c3d", 17, 2, "00112233aabbccdd");

    private static readonly IntermediateValue[] Curve = [new(1, 0.5), new(2, 0.25), new(3, -0.0)];

    private static readonly Dictionary<string, double> Metrics = new() { ["validation_loss"] = 0.25, ["validation_accuracy"] = 0.9375, ["zero"] = -0.0 };

    private static readonly TrialParameters Parameters = new(
    [
        KeyValuePair.Create("learning_rate", ParameterValue.Float(0.001)),
        KeyValuePair.Create("layers", ParameterValue.Int(2)),
        KeyValuePair.Create("activation", ParameterValue.Text("relu")),
        KeyValuePair.Create("batch_norm", ParameterValue.Bool(false)),
        KeyValuePair.Create("momentum", ParameterValue.Float(-0.0)),
    ]);

    public static IReadOnlyList<object> All { get; } =
    [
        new WorkerBeat("worker-1", "f00d", 4, [new HeldAttempt(Key, 12), new HeldAttempt(Key with { Number = 18 }, 0)]),
        new RunTrial(Key, """{"version":1,"name":"digits"}""", -7, Parameters, 0.125),
        new RunTrial(Key, """{"version":1,"name":"digits"}""", 42, TrialParameters.Empty, null),
        new RunTrial(Key, "{}", 42, TrialParameters.Empty, null, Until: 9),
        new StopTrial(Key, StopReason.Cancelled),
        new StopTrial(Key, StopReason.Superseded),
        new StopTrial(Key, StopReason.Pruned),
        new ReportValues("worker-1", Key, Curve),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Completed(0.25, "e3b0c44298fc1c14") { Curve = Curve, Metrics = Metrics }),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Completed(-0.0, null)),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Diverged(3, "loss is NaN") { Curve = Curve, Metrics = Metrics }),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Failed(FailureReason.TrainingError, "no such column")),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Failed(FailureReason.TimeLimit, "over 2m")),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Failed(FailureReason.MemoryLimit, "over 1GiB")),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Failed(FailureReason.WorkerLost, "lost three times")),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Failed(FailureReason.BadData, "7 classes instead of 10")),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Pruned(9) { Curve = Curve }),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Paused(9) { Curve = Curve, Metrics = Metrics }),
        new ReportOutcome("worker-1", Key, new TrialOutcome.Released("drained")),
        new AcknowledgeOutcome(Key),
        new RunTrial(Key, "{}", 42, TrialParameters.Empty, null, Segment: new TrialSegment(0, null, 0, 3)),
        new RunTrial(Key, "{}", 42, TrialParameters.Empty, null, Segment: new TrialSegment(5, 0, 3, 6)),
        new SweepCheckpoints("digits.1.0a1b2c3d", 17),
        new DrainWorker(),
        new WelcomeWorker("http://127.0.0.1:8080/"),
        new FindActive(),
        new ActiveAt("https://node2:8443/"),
    ];
}
