using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Persistence;

/// <summary>One event of every kind, with every kind of value. Their bytes are in <c>Golden/journal-v1.jsonl</c>.</summary>
internal static class JournalExamples
{
    public const string StudyIdText = "digits.1.0a1b2c3d";

    /// <summary>With a fraction of a microsecond.</summary>
    public static readonly DateTimeOffset At = new(638_900_000_123_456_789, TimeSpan.Zero);

    public static readonly StudySpec Spec = StudyFile.Parse(
        """
        version: 1
        name: digits
        data: { source: data/digits.csv.gz, target: label, task: classification, split: { validation: 0.2, test: 0.2, seed: 7, stratify: true }, scale: standard }
        objective: { metric: validation_loss, direction: minimize }
        model: { loss: cross_entropy, epochs: 30 }
        parameters:
          learning_rate: { type: float, low: 1e-4, high: 1.0, log: true }
          layers: { type: int, low: 1, high: 4 }
          activation: { type: categorical, choices: [sigmoid, tanh, relu] }
          optimizer: { type: categorical, choices: [sgd, adam] }
          momentum: { type: float, low: 0.0, high: 0.99, when: { optimizer: sgd } }
        enqueue: [ { learning_rate: 0.001, layers: 2 } ]
        strategy: { name: random, seed: 42 }
        budget: { trials: 100, time: 10m, target: 0.05, patience: 40, failures: 10 }
        """,
        "digits.yaml").SpecOrThrow();

    private static readonly IntermediateValue[] Curve = [new(1, 0.5), new(2, 0.25), new(3, -0.0)];

    private static readonly Dictionary<string, double> Metrics = new() { ["validation_loss"] = 0.25, ["zero"] = -0.0 };

    public static readonly TrialParameters Parameters = new(
    [
        KeyValuePair.Create("learning_rate", ParameterValue.Float(0.001)),
        KeyValuePair.Create("layers", ParameterValue.Int(2)),
        KeyValuePair.Create("activation", ParameterValue.Text("relu")),
        KeyValuePair.Create("batch_norm", ParameterValue.Bool(true)),
    ]);

    public static IReadOnlyList<object> All { get; } =
    [
        .. Events(),
        new ReevaluationBegun(FinishReason.PatienceSpent, [7, 3]) { At = At, Elapsed = TimeSpan.FromSeconds(1) },
        new TrialSuggested(9, Parameters, true, 12, "copy", "00") { At = At, Elapsed = TimeSpan.Zero, CopyOf = 7 },
        new StudyCreated(StudyIdText, Spec)
        {
            At = At, Elapsed = TimeSpan.Zero, Prior = [new PriorTrial(Parameters, 0.5, Metrics), new PriorTrial(Parameters, null, Trial.NoMetrics)],
        },
        new StudySnapshot(
            StudyIdText, Spec, StudyPhase.Finished, FinishReason.TargetReached, 99, TimeSpan.FromMinutes(3), At, At.AddMinutes(3), new TrialCounts(1, 2, 3, 4, 5), 13, 7, 6,
            [Parameters, TrialParameters.Empty], Metrics, ["aa", "bb"],
            [
                new Trial
                {
                    Number = 0, Parameters = Parameters, Enqueued = true, State = TrialState.Complete, Attempts = 2, HeldSince = 2, Lease = new Lease("l", "w", "i"), Losses = 1, ReachedStep = 3,
                    TrainingErrors = 1, Value = -0.0, Curve = Curve, Metrics = Metrics, Model = "cc", StartedAt = At, FinishedAt = At.AddSeconds(1),
                },
                new Trial { Number = 1, Parameters = Parameters, State = TrialState.Failed, Reason = "training_error: no such column" },
                new Trial { Number = 2, Parameters = Parameters, State = TrialState.Pruned },
                new Trial { Number = 3, Parameters = Parameters, State = TrialState.Diverged },
                new Trial { Number = 4, Parameters = Parameters, State = TrialState.Cancelled },
            ],
            [
                new Trial { Number = 5, Parameters = TrialParameters.Empty, State = TrialState.Waiting },
                new Trial { Number = 6, Parameters = Parameters, State = TrialState.Running, Attempts = 1, HeldSince = 1, Lease = new Lease("l", "w", "i"), StartedAt = At },
                new Trial { Number = 7, Parameters = Parameters, State = TrialState.Paused, Checkpoint = "dd", PausedAt = 9 },
            ]),
        new StudySnapshot(
            StudyIdText, Spec, StudyPhase.Running, null, 1, TimeSpan.Zero, At, At, new TrialCounts(0, 0, 0, 0, 0), 0, null, 0, [], Trial.NoMetrics, [], [], []),
        new StudySnapshot(
            StudyIdText, Spec, StudyPhase.Running, null, 9, TimeSpan.Zero, At, At, new TrialCounts(0, 0, 2, 0, 0) { Retried = 2 }, 2, null, 2, [Parameters, Parameters], Trial.NoMetrics, [],
            [
                new Trial { Number = 0, Parameters = Parameters, State = TrialState.Failed, Reason = "no such column" },
                new Trial { Number = 1, Parameters = Parameters, State = TrialState.Failed, Reason = "no such column" },
            ],
            [new Trial { Number = 2, Parameters = Parameters, Enqueued = true, RetryOf = 0 }])
        {
            WidenedAt = 7, Older = 2, Retried = [0, 1], EnqueuedRetryOf = [-1, 1],
        },
        new StudySnapshot(
            StudyIdText, Spec, StudyPhase.Running, null, 9, TimeSpan.Zero, At, At, new TrialCounts(0, 0, 0, 0, 0), 2, null, 0, [], Trial.NoMetrics, [], [],
            [
                new Trial { Number = 0, Parameters = Parameters, Segment = new TrialSegment(0, null, 0, 3) },
                new Trial { Number = 1, Parameters = Parameters, Segment = new TrialSegment(5, 0, 3, 6) },
            ]),
        new StudySnapshot(
            StudyIdText, Spec, StudyPhase.Running, null, 9, TimeSpan.Zero, At, At, new TrialCounts(0, 0, 0, 0, 0), 1, null, 0, [], Trial.NoMetrics, [], [],
            [new Trial { Number = 0, Parameters = Parameters, State = TrialState.Running, Attempts = 3, HeldSince = 2, Lease = new Lease("l", "ask-60-0", "i"), StartedAt = At }]),
    ];

    private static IEnumerable<StudyEvent> Events()
    {
        StudyEvent[] events =
        [
            new StudyCreated(StudyIdText, Spec),
            new TrialSuggested(0, Parameters, true, 1, "enqueue", "0123456789abcdef"),
            new TrialSuggested(1, TrialParameters.Empty, false, 2, "random/1", "0123456789abcdef"),
            new TrialStarted(0, 1, "00112233aabbccdd", "worker-1", "f00d"),
            new ReportsRecorded(0, 1, Curve),
            new TrialCompleted(0, 1, 0.25, Curve, Metrics, "e3b0c44298fc1c14"),
            new TrialCompleted(1, 1, -0.0, [], Trial.NoMetrics, null),
            new TrialPruned(2, 1, 3, Curve, Metrics),
            new TrialPaused(3, 1, 3, "dd00", Curve),
            new TrialFailed(4, 0, FailureReason.WorkerLost, "lost three times", [], Trial.NoMetrics),
            new TrialDiverged(5, 1, 3, "loss is NaN", Curve, Metrics),
            new TrialCancelled(6, "target reached"),
            new TrialReleased(7, 1, ReleaseCause.WorkerLost, 2, "silent for 30 s"),
            new TrialReleased(7, 2, ReleaseCause.LocalRestart, 0, ""),
            new TrialReleased(7, 3, ReleaseCause.Drained, 0, "drained"),
            new TrialReleased(7, 4, ReleaseCause.TrainingError, 0, "no such column"),
            new TrialEnqueued(Parameters),
            new StudyPaused("user"),
            new StudyResumed(),
            new StudyExtended(
                new BudgetSpec(200, TimeSpan.FromMinutes(20), -0.0, 50, 20),
                new LimitsSpec(TimeSpan.FromMinutes(2), 1L << 30),
                new ParallelSpec(4, 2),
                new RetrySpec(3)),
            new StudyExtended(new BudgetSpec(null, null, null, null, null), new LimitsSpec(null, null), new ParallelSpec(null, 1), new RetrySpec(1)),
            new SpaceWidened(Spec),
            new StudyFinished(FinishReason.TrialsDone, 0, Metrics),
            new StudyFinished(FinishReason.SpaceExhausted, null, Trial.NoMetrics),
            new StudyFinished(FinishReason.TargetReached, 1, Trial.NoMetrics),
            new StudyFinished(FinishReason.TimeSpent, 1, Trial.NoMetrics),
            new StudyFinished(FinishReason.PatienceSpent, 1, Trial.NoMetrics),
            new StudyFinished(FinishReason.TooManyFailures, 1, Trial.NoMetrics),
            new StudyFinished(FinishReason.Stopped, 1, Trial.NoMetrics),
            new TrialEnqueued(Parameters) { RetryOf = 4 },
            new TrialSuggested(2, Parameters, false, 2, "pbt/1", "0123456789abcdef") { Segment = new TrialSegment(0, null, 0, 3) },
            new TrialSuggested(3, Parameters, false, 2, "pbt/1", "0123456789abcdef") { Segment = new TrialSegment(5, 0, 3, 6) },
        ];
        return events.Select((e, i) => e with { At = At.AddTicks(i), Elapsed = TimeSpan.FromTicks((12_345_678_901 * i) + 1) });
    }
}
