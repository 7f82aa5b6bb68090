using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Views;

/// <summary>Writes journals by hand, also broken ones.</summary>
internal sealed class Journal
{
    public const string RandomStudy =
        """
        version: 1
        name: hills
        objective: { kind: function, name: branin }
        parameters:
          x1: { type: float, low: -5, high: 10 }
          x2: { type: float, low: 0, high: 15 }
        strategy: { name: random, seed: 42 }
        budget: { trials: 3 }
        """;

    public const string GridStudy =
        """
        version: 1
        name: hills
        objective: { kind: function, name: branin }
        parameters:
          x1: { type: float, low: -5, high: 10, points: 2 }
          x2: { type: categorical, choices: [1, 2] }
        strategy: { name: grid, seed: 42 }
        """;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly List<StudyEvent> _events = [];

    public Journal(string study = RandomStudy)
    {
        Spec = StudyFile.Parse(study, "hills.yaml").SpecOrThrow();
        Add(new StudyCreated("hills.1.0123abcd", Spec));
    }

    public StudySpec Spec { get; }

    public IReadOnlyList<StudyEvent> Events => _events;

    public StudyState State => _events.Aggregate((StudyState?)null, Study.Apply)!;

    public static TrialParameters Point(double x1, double x2) => new(
        [KeyValuePair.Create("x1", ParameterValue.Float(x1)), KeyValuePair.Create("x2", ParameterValue.Float(x2))]);

    public static TrialParameters GridPoint(double x1, long x2) => new(
        [KeyValuePair.Create("x1", ParameterValue.Float(x1)), KeyValuePair.Create("x2", ParameterValue.Int(x2))]);

    /// <summary>A second later each.</summary>
    public Journal Add(StudyEvent e)
    {
        _events.Add(e with { At = Start.AddSeconds(_events.Count), Elapsed = TimeSpan.FromSeconds(_events.Count) });
        return this;
    }

    /// <summary>As is.</summary>
    public Journal AddRaw(StudyEvent e)
    {
        _events.Add(e);
        return this;
    }

    public Journal Suggest(int number, TrialParameters? parameters = null, bool enqueued = false, long? history = null) =>
        Add(new TrialSuggested(number, parameters ?? Point(number, number), enqueued, history ?? _events.Count, "random-1", "00"));

    public Journal Begin(int number, int attempt = 1, string? lease = null) =>
        Add(new TrialStarted(number, attempt, lease ?? $"lease-{number}-{attempt}", "local", "incarnation"));

    public Journal Complete(int number, double value, int attempt = 1) => Add(new TrialCompleted(
        number, attempt, value, [new IntermediateValue(1, value + 1), new IntermediateValue(2, value)], new Dictionary<string, double> { ["value"] = value }, "feed0123456789ab"));

    public Journal Fail(int number, int attempt = 1) =>
        Add(new TrialFailed(number, attempt, FailureReason.TrainingError, "it broke", [], Coordinator.Studies.Trial.NoMetrics));

    public Journal Diverge(int number, int attempt = 1) => Add(new TrialDiverged(
        number, attempt, 2, "the loss became NaN", [new IntermediateValue(2, double.NaN)], new Dictionary<string, double> { ["value"] = double.NaN }));

    public Journal Release(int number, int attempt, ReleaseCause cause) => Add(new TrialReleased(number, attempt, cause, 0, "gone"));

    public Journal Finish(FinishReason reason, int? best, IReadOnlyDictionary<string, double>? test = null) =>
        Add(new StudyFinished(reason, best, test ?? Coordinator.Studies.Trial.NoMetrics));

    /// <summary>Suggested, started and completed.</summary>
    public Journal Trial(int number, double value, TrialParameters? parameters = null) => Suggest(number, parameters).Begin(number).Complete(number, value);

    /// <summary>Three trials, the second the best, and the end.</summary>
    public static Journal Whole() => new Journal().Trial(0, 3).Trial(1, 1).Trial(2, 2).Finish(FinishReason.TrialsDone, 1);
}
