using TuningCluster.Coordinator.Leasing;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>A study on the bench: decisions are taken and journalled at once; what they may look at is set by hand.</summary>
internal sealed class StudyBench
{
    public const string Id = "hills.1.0123abcd";

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly List<StudyEvent> _journal = [];
    private readonly List<KnownWorker> _workers = [];
    private readonly HashSet<string> _lapsed = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _reached = [];
    private StudyState? _state;
    private int _leases;

    public StudyBench(StudySpec spec) => Decide(new CreateStudy(Id, spec));

    public StudyState State => _state!;

    public IReadOnlyList<StudyEvent> Journal => _journal;

    public TimeSpan Elapsed { get; set; }

    public int LookAhead { get; set; }

    public long? SamplerSize { get; set; }

    public IPruner Pruner { get; set; } = TrainToEnd.Instance;

    public DecisionContext Context => new(
        Start + Elapsed, Elapsed, _workers, LookAhead, SamplerSize, Pruner, _lapsed.Contains, n => _reached.GetValueOrDefault(n), () => $"lease-{++_leases}");

    public int Wanted => StudyEnd.SuggestionsWanted(State, Context);

    public FinishReason? EndReason => StudyEnd.Reason(State, Context);

    /// <summary>Equal for equal states, whatever became of them on the way.</summary>
    public static byte[] Bytes(StudyState state) => JournalManifests.Table.Write(SnapshotMapper.ToSnapshot(state));

    public Decision Decide(params StudyCommand[] commands)
    {
        var decision = new Decision(_state, Context);
        foreach (var command in commands)
        {
            StudyDecisions.Decide(decision, command);
        }

        _state = decision.Current;
        _journal.AddRange(decision.Events);
        return decision;
    }

    /// <summary>A worker says hello with empty hands.</summary>
    public Decision Join(string worker, int slots = 1, string incarnation = "i1", bool local = false)
    {
        Leave(worker);
        _workers.Add(new KnownWorker(worker, incarnation, slots, TimeSpan.Zero));
        _workers.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return Decide(Beat(worker, incarnation: incarnation, local: local));
    }

    /// <summary>Nothing is heard of it any more.</summary>
    public void Leave(string worker) => _workers.RemoveAll(w => w.Name == worker);

    public Decision Suggest(int count) => Decide(Suggestions(count));

    public TakeSuggestions Suggestions(int count, int? from = null, bool enqueued = false) => new(
        [.. Enumerable.Range(from ?? State.Trials.Count, count).Select(n => new Suggestion(n, Specs.Point(n), enqueued, State.Sequence, "test/1", "00"))],
        Exhausted: false);

    /// <summary>The beat of a worker that holds these attempts.</summary>
    public static SeeWorker Beat(string worker, IReadOnlyList<AttemptKey>? held = null, string incarnation = "i1", bool local = false) =>
        new(new WorkerBeat(worker, incarnation, 1, [.. (held ?? []).Select(key => new HeldAttempt(key, 0))]), local, ReplyTo: $"way to {worker}");

    /// <summary>The trial's current attempt.</summary>
    public AttemptKey Key(int number) => new(Id, number, State.Trials[number].Attempts, State.Trials[number].Lease!.Id);

    public static TakeOutcome Outcome(AttemptKey key, TrialOutcome outcome, string worker = "a") => new(new ReportOutcome(worker, key, outcome), ReplyTo: $"way to {worker}");

    public Decision End(int number, TrialOutcome outcome) => Decide(Outcome(Key(number), outcome));

    public Decision Complete(int number, double value = 1) => End(number, new TrialOutcome.Completed(value, null));

    public void Reach(int number, int step) => _reached[number] = step;

    /// <summary>The trial's worker falls silent for longer than a lease.</summary>
    public void FallSilent(int number)
    {
        var lease = State.Trials[number].Lease!;
        _lapsed.Add(lease.Id);
        Leave(lease.Worker);
    }

    public Decision Tick() => Decide(new LookAtClock());

    public TrialState StateOf(int number) => State.Trials[number].State;
}
