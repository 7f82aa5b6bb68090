using TuningCluster.Coordinator.Leasing;
using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>Settings of a study's engine.</summary>
/// <param name="LeaseDuration">How long an attempt is its worker's without a beat; 30 s by default.</param>
/// <param name="SamplerSize">How many suggestions the strategy has in all; null when there is no end.</param>
/// <param name="SamplerLearns">Whether suggestions depend on outcomes.</param>
/// <param name="Pruner">The rule that ends trials early; used by one engine alone.</param>
public sealed record EngineOptions(TimeSpan LeaseDuration, long? SamplerSize, bool SamplerLearns, IPruner Pruner)
{
    public static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

    /// <summary>The population that the study trains, used by one engine alone; null when it trains none.</summary>
    public Population? Population { get; init; }
}

/// <summary>Events to be written as one transaction, and what to do afterwards.</summary>
public sealed record Batch(IReadOnlyList<StudyEvent> Events, IReadOnlyList<Effect> Effects, StudyState After);

/// <summary>
/// A study between its mailbox and its journal: buffers commands while a write is in flight, decides over the whole buffer at once
/// (group commit), keeps leases and workers. Plain: the actor and the simulation drive the same engine.
/// </summary>
/// <remarks>Not thread-safe. After a failed write the engine is thrown away and another is made from the journal.</remarks>
public sealed class StudyEngine
{
    private readonly List<StudyCommand> _buffer = [];
    private readonly List<Effect> _answers = [];
    private readonly LeaseTable _leases;
    private readonly WorkerTable _workers;
    private readonly Dictionary<int, int> _reached = [];
    private readonly Func<string> _freshLease;
    private readonly EngineOptions _options;
    private readonly TimeSpan _elapsedBefore;
    private long? _samplerSize;
    private Batch? _inFlight;
    private TimeSpan _running;
    private int _swept;

    /// <param name="recovered">Folded from the journal; null for a study that does not exist yet.</param>
    /// <param name="options">Settings.</param>
    /// <param name="freshLease">Makes lease ids.</param>
    public StudyEngine(StudyState? recovered, EngineOptions options, Func<string> freshLease)
    {
        State = recovered;
        _options = options;
        _freshLease = freshLease;
        _samplerSize = options.SamplerSize;
        _elapsedBefore = recovered?.Elapsed ?? TimeSpan.Zero;
        _leases = new LeaseTable(options.LeaseDuration);
        _workers = new WorkerTable(options.LeaseDuration);
        TrackLeases();
    }

    /// <summary>As journalled; null before the study exists.</summary>
    public StudyState? State { get; private set; }

    /// <summary>A batch has been given out and not been committed.</summary>
    public bool IsWriting => _inFlight is not null;

    /// <summary>Nothing is given out any more: the process drains.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Running time over all resumes.</summary>
    public TimeSpan Elapsed => _elapsedBefore + _running;

    /// <summary>Time since the last call. Leases stand still while a write is in flight.</summary>
    public void Advance(TimeSpan passed)
    {
        if (State?.Phase == StudyPhase.Running)
        {
            _running += passed;
        }

        if (!IsWriting)
        {
            _leases.Advance(passed);
        }
    }

    public void Submit(StudyCommand command)
    {
        if (command is SeeWorker see)
        {
            var sighting = _workers.See(see.Beat, _leases.Watched);
            if (sighting == Sighting.Retired)
            {
                // Its leases are gone; it is told so, and changes nothing.
                _answers.AddRange(see.Beat.Held.Select(held => new SendStop(see.Beat.Worker, held.Key, StopReason.Superseded, see.ReplyTo)));
                return;
            }

            foreach (var held in see.Beat.Held)
            {
                _leases.Renew(held.Key.Lease);
                Reach(held.Key, held.Step);
            }
        }
        else if (command is ShareWorker share)
        {
            _workers.Share(share.Worker, share.Slots);
        }
        else if (command is TakeSuggestions { Exhausted: true } last && last.DrawnFrom >= State!.WidenedAt)
        {
            _samplerSize = State!.Sampled + last.Suggestions.Count(s => !s.Enqueued);
        }

        _buffer.Add(command);
    }

    /// <summary>Intermediate values: remembered, journalled only with decisions.</summary>
    /// <returns>Whether they belong to a running attempt.</returns>
    public bool Note(ReportValues report)
    {
        if (State is null || !IsCurrent(report.Key))
        {
            return false;
        }

        Reach(report.Key, report.Values.Count == 0 ? 0 : report.Values[^1].Step);
        return true;
    }

    /// <summary>Stops giving out trials; the process ends soon.</summary>
    public void Drain() => IsDraining = true;

    /// <summary>Decides over everything buffered. Null when there is nothing to do or a write is in flight.</summary>
    /// <remarks>A batch without events need not be written, but must be committed all the same.</remarks>
    public Batch? Next(DateTimeOffset now)
    {
        if (IsWriting || (_buffer.Count == 0 && _answers.Count == 0))
        {
            return null;
        }

        var decision = new Decision(State, Context(now));
        foreach (var command in _buffer)
        {
            // A process that was replaced while its beat waited here must not be taken for the successor of its successor.
            var outdated = command is SeeWorker see && !_workers.IsCurrent(see.Beat);
            if (!outdated && (command is CreateStudy || decision.Current is not null))
            {
                StudyDecisions.Decide(decision, command);
            }
        }

        _buffer.Clear();
        _inFlight = new Batch(decision.Events, [.. _answers, .. InForce(decision), .. Sweep(decision)], decision.Current!);
        _answers.Clear();
        return _inFlight;
    }

    /// <summary>The batch is in the journal: its state is in force.</summary>
    /// <returns>The batch: its effects are to be carried out now.</returns>
    public Batch Commit()
    {
        var batch = _inFlight ?? throw new InvalidOperationException("No batch is in flight.");
        _inFlight = null;
        State = batch.After;
        foreach (var started in batch.Events.OfType<TrialStarted>())
        {
            // What its predecessor reached is in the journal; the new attempt is at the beginning.
            _reached.Remove(started.Number);
        }

        if (batch.Events.Any(e => e is SpaceWidened))
        {
            _samplerSize = StrategySize.Of(State);
        }

        TrackLeases();
        return batch;
    }

    /// <summary>Block ids are a memo of the state, not an event.</summary>
    public void RememberBlocks(IEnumerable<string> ids) => State = State! with { Blocks = State.Blocks.AddRange(ids) };

    /// <summary>How many suggestions to draw now.</summary>
    public int SuggestionsWanted(DateTimeOffset now) =>
        State is null || IsWriting || IsDraining ? 0 : StudyEnd.SuggestionsWanted(State, Context(now));

    /// <summary>Whether more slots would be used.</summary>
    public bool WantsSlots(DateTimeOffset now) => State is not null && !IsDraining && StudyEnd.WantsSlots(State, Context(now));

    /// <summary>Why the study is over, once nothing is in flight and it has not been finished yet.</summary>
    public FinishReason? ReadyToFinish(DateTimeOffset now) =>
        State is { Phase: not StudyPhase.Finished, Open.IsEmpty: true } && !IsWriting ? StudyEnd.Reason(State, Context(now)) : null;

    private DecisionContext Context(DateTimeOffset now)
    {
        var workers = IsDraining ? [] : _workers.Live(_leases.Watched);
        return new DecisionContext(
            now,
            Elapsed,
            workers,
            LookAhead(workers),
            _samplerSize,
            _options.Pruner,
            _leases.IsLapsed,
            number => _reached.GetValueOrDefault(number),
            _freshLease)
        {
            Population = _options.Population,
        };
    }

    /// <summary>One waiting trial a slot hides the round trip, where the strategy does not learn and there is more than one slot.</summary>
    private int LookAhead(IReadOnlyList<KnownWorker> workers) =>
        !_options.SamplerLearns && State?.Spec is { Objective.Kind: not ObjectiveKind.External, Reproducible.Window: null, Parallel: { Trials: not 1, Threads: 1 } } && workers.Sum(w => w.Slots) > 1 ? 1 : 0;

    /// <summary>Without leases that a later command of the same batch ended, and each lease once: many beats may wait while a write is in flight.</summary>
    private static IEnumerable<Effect> InForce(Decision decision)
    {
        var sent = new HashSet<string>(StringComparer.Ordinal);
        return decision.Effects.Where(effect => effect is not SendRun run
            || (StudyDecisions.FindLease(decision.State, run.Key) is not null && sent.Add(run.Key.Lease)));
    }

    /// <summary>Tells the workers when more of what trials left is of no use. The first time it is all of it again: a message may have been lost with a process.</summary>
    private IEnumerable<Effect> Sweep(Decision decision)
    {
        if (_options.Population is not { } population || decision.Current is not { } state || decision.Context.Workers.Count == 0
            || population.OldestNeeded(state.History) is var below && below <= _swept)
        {
            return [];
        }

        _swept = below;
        return decision.Context.Workers.Select(worker => new SendSweep(worker.Name, state.Id, below));
    }

    private bool IsCurrent(AttemptKey key) => StudyDecisions.FindLease(State!, key) is not null;

    private void Reach(AttemptKey key, int step)
    {
        if (State is not null && IsCurrent(key))
        {
            _reached[key.Number] = Math.Max(_reached.GetValueOrDefault(key.Number), step);
        }
    }

    private void TrackLeases()
    {
        if (State is null)
        {
            return;
        }

        var running = State.OpenTrials.Where(t => t.State == TrialState.Running).ToList();
        _leases.Track(running.Select(t => t.Lease!.Id).ToHashSet(StringComparer.Ordinal));
        foreach (var number in _reached.Keys.Where(n => State.Trials[n].State != TrialState.Running).ToList())
        {
            _reached.Remove(number);
        }
    }
}
