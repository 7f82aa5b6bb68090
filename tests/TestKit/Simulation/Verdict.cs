using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Grid;
using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.TestKit.Simulation;

/// <summary>What must hold of a study that has come to its end.</summary>
internal static class Verdict
{
    private const int MostKills = 3;

    /// <param name="journal">The whole of it.</param>
    /// <param name="final">Its fold.</param>
    /// <param name="live">The state the coordinator ended with.</param>
    public static IEnumerable<string> On(Scene scene, IReadOnlyList<StudyEvent> journal, StudyState final, StudyState? live) =>
    [
        .. StudyAudit.Run(journal).Faults.Select(fault => $"audit: {fault}"),
        .. Outcomes(journal, final),
        .. Ending(scene, journal, final),
        .. Results(journal, final),
        .. Recovered(final, live),
        .. Suggestions(scene.Plan, journal),
        .. Provenance(scene, journal),
        .. Judgements(scene.Plan, journal),
        .. Losses(scene, journal),
        .. Economy(scene, journal),
    ];

    private static IEnumerable<string> Outcomes(IReadOnlyList<StudyEvent> journal, StudyState final)
    {
        var outcomes = journal.Where(IsOutcome).Cast<TrialEvent>().GroupBy(e => e.Number).ToDictionary(g => g.Key, g => g.Count());
        return Enumerable.Range(0, final.Trials.Count)
            .Where(number => outcomes.GetValueOrDefault(number) != 1)
            .Select(number => $"trial {number} has {outcomes.GetValueOrDefault(number)} outcomes");
    }

    private static bool IsOutcome(StudyEvent e) => e is TrialCompleted or TrialPruned or TrialFailed or TrialDiverged or TrialCancelled;

    /// <summary>Where trials wait for each other none need be complete; but one of those that wait goes on when nothing else can.</summary>
    private static IEnumerable<string> Results(IReadOnlyList<StudyEvent> journal, StudyState final)
    {
        if (journal[^1] is StudyFinished { Reason: FinishReason.TrialsDone or FinishReason.SpaceExhausted } && final.Counts.Complete == 0 && final.Counts.Pruned > 0
            && PrunerFactory.Create(final.Spec).LetsWait && !journal.Any(e => e is StudyExtended))
        {
            yield return $"{final.Counts.Pruned} trials were pruned while they waited, and none is complete";
        }
    }

    private static IEnumerable<string> Ending(Scene scene, IReadOnlyList<StudyEvent> journal, StudyState final)
    {
        if (journal[^1] is not StudyFinished finished)
        {
            yield return $"the journal ends with {journal[^1].GetType().Name}";
            yield break;
        }

        // A budget made smaller than what was done already undoes nothing.
        var counted = journal.Count(e => IsOutcome(e) && e is not TrialCancelled && final.Trials[((TrialEvent)e).Number].CopyOf is null) - final.Retried.Count;
        var shortened = journal.Any(e => e is StudyExtended);
        if (finished.Reason == FinishReason.TrialsDone && (shortened ? counted < final.Spec.Budget.Trials : counted != final.Spec.Budget.Trials))
        {
            yield return $"{counted} trials count against a budget of {final.Spec.Budget.Trials}";
        }

        // By their copies: the audit proves it.
        var byCopies = final.Reevaluation is not null && finished.Reason != FinishReason.Stopped;
        if (final.Spec.Reevaluate is not null && finished.Reason != FinishReason.Stopped && Reevaluation.Candidates(final).Count > 0 && !byCopies)
        {
            yield return "the best trials were not trained again";
        }

        var values = journal.OfType<TrialCompleted>().Where(c => final.Trials[c.Number].CopyOf is null).Select(c => c.Value).ToList();
        var best = values.Count == 0 ? (double?)null : final.Spec.Objective.Direction == Direction.Minimize ? values.Min() : values.Max();
        var named = finished.Best is { } number ? final.Trials[number].Value : null;
        if (!byCopies && !Nullable.Equals(best, named))
        {
            yield return $"the best value is {best}, but the best trial is said to have {named}";
        }

        if (finished.Reason == FinishReason.SpaceExhausted && Population.Of(final.Spec) is { } population)
        {
            // Sets that the user enqueued take the place of a member's first trial; when they were cancelled that turn is not made up for.
            var turns = final.Trials.Count(t => t.State != TrialState.Cancelled);
            var lost = final.Trials.Count(t => t.Enqueued && t.State == TrialState.Cancelled);
            if (turns != (population.Settings.Members * population.Settings.Turns) - lost)
            {
                yield return $"the population has had {turns} turns of {population.Settings.Members * population.Settings.Turns}";
            }
            else if (scene.Left.Count > 0 && lost == 0 && scene.Plan is { Local: true, Faults.Count: 0, User.Count: 0 })
            {
                yield return $"the population is done, and what trial {scene.Left.Min()} left is still kept";
            }
        }
        else if (finished.Reason == FinishReason.SpaceExhausted)
        {
            var grid = new ParameterGrid(final.Spec.Space);
            var points = Enumerable.Range(0, (int)grid.Size).Select(i => grid[i].ToString()).Order(StringComparer.Ordinal);
            // Of a widened grid some trials are no point any more.
            var tried = final.Trials.Where(t => !t.Enqueued && t.State != TrialState.Cancelled).Select(t => (final.WidenedAt == 0 ? t.Parameters : grid.PointOf(t.Parameters))?.ToString())
                .Where(point => point is not null).Order(StringComparer.Ordinal);
            if (!points.SequenceEqual(tried))
            {
                yield return "the grid is said to be exhausted, but not every point was tried exactly once";
            }
        }
    }

    /// <summary>A restart would see what the coordinator saw.</summary>
    private static IEnumerable<string> Recovered(StudyState final, StudyState? live)
    {
        if (live is not null && (live.Sequence != final.Sequence || live.Counts != final.Counts || !Equals(live.Reevaluation, final.Reevaluation) || live.Best != final.Best || live.SinceBest != final.SinceBest
            || live.Sampled != final.Sampled || !live.Finished.SequenceEqual(final.Finished) || !live.Enqueued.SequenceEqual(final.Enqueued)
            || !live.Trials.Select(Image).SequenceEqual(final.Trials.Select(Image))))
        {
            yield return "the journal folds to another state than the coordinator had";
        }

        static (TrialState, int, Lease?, int, int, int, double?, string?) Image(Trial t) =>
            (t.State, t.Attempts, t.Lease, t.Losses, t.ReachedStep + (1000 * t.PausedAt), t.TrainingErrors, t.Value, t.Reason);
    }

    /// <summary>Every suggestion is what the strategy draws from the history it names.</summary>
    private static IEnumerable<string> Suggestions(SimulationPlan plan, IReadOnlyList<StudyEvent> journal)
    {
        var samplers = new Dictionary<string, ISampler>(StringComparer.Ordinal);
        var states = new List<StudyState?> { null };
        var suggested = new List<TrialSuggested>();
        foreach (var e in journal)
        {
            states.Add(Study.Apply(states[^1], e));
            if (e is TrialSuggested suggestion)
            {
                suggested.Add(suggestion);
            }
        }

        foreach (var suggestion in suggested.Where(s => s.CopyOf is null))
        {
            var seen = states[(int)suggestion.HistorySequence]!;
            while (seen.Trials.Count < suggestion.Number)
            {
                seen = Study.Apply(seen, suggested[seen.Trials.Count]);
            }

            var hash = SettingsHash.Of(seen.Spec);
            if (!samplers.TryGetValue(hash, out var sampler))
            {
                samplers[hash] = sampler = SamplerFactory.Create(seen.Spec);
            }

            var (drawn, segment) = Suggesting.Next(
                seen, sampler, suggestion.Enqueued, seen.Sequence, Rng.For(plan.Spec.Strategy.Seed!.Value, suggestion.Number, Suggesting.Purpose));
            if (hash != suggestion.SettingsHash || drawn is null || !drawn.Equals(suggestion.Parameters) || segment != suggestion.Segment)
            {
                yield return $"trial {suggestion.Number} has {suggestion.Parameters}; from its history the strategy draws {drawn?.ToString() ?? "nothing"}";
                yield break;
            }
        }
    }

    /// <summary>Every judgement and every promotion is what the rule says of the history it was made in.</summary>
    private static IEnumerable<string> Judgements(SimulationPlan plan, IReadOnlyList<StudyEvent> journal)
    {
        StudyState? state = null;
        TrialPaused? judged = null;
        for (var i = 0; i < journal.Count; i++)
        {
            var e = journal[i];
            if (judged is not null && !EndsAll(state!, journal.Skip(i))
                && PrunerFactory.Create(plan.Spec).Stops(state!.HistoryFor(judged.Number), judged.Number) != (e is TrialPruned pruned && pruned.Number == judged.Number))
            {
                yield return $"at step {judged.Step} trial {judged.Number} is followed by {e.GetType().Name}, against the rule";
            }

            if (e is TrialStarted started && state!.Trials[started.Number].State == TrialState.Paused
                && !PrunerFactory.Create(plan.Spec).GoOn(state.History).Contains(started.Number) && TrialGrants.LastChance(state) != started.Number)
            {
                yield return $"trial {started.Number} goes on from step {state.Trials[started.Number].PausedAt}, against the rule";
            }

            state = Study.Apply(state, e);
            judged = e as TrialPaused;
        }
    }

    /// <summary>What was set aside is pruned because the study ends: after these events nothing is open.</summary>
    private static bool EndsAll(StudyState state, IEnumerable<StudyEvent> next)
    {
        var ended = next.TakeWhile(e => e is TrialPruned or TrialCancelled).Count();
        return ended > 0 && ended == state.Open.Count;
    }

    /// <summary>What the journal says of an attempt is what its worker said, and what a worker was told it may forget is in the journal.</summary>
    private static IEnumerable<string> Provenance(Scene scene, IReadOnlyList<StudyEvent> journal)
    {
        var leases = journal.OfType<TrialStarted>().ToDictionary(s => (s.Number, s.Attempt), s => s.Lease);
        var ends = new HashSet<string>(StringComparer.Ordinal);
        var running = new Dictionary<int, string>();
        foreach (var e in journal)
        {
            if (e is TrialStarted started)
            {
                running[started.Number] = started.Lease;
            }
            else if (e is TrialEvent trial && running.Remove(trial.Number, out var lease))
            {
                ends.Add(lease);
                // After a lost tail a worker may have forgotten, acknowledged, what the journal believes it still holds.
                var forgotten = scene.Plan.LosesTail && e is TrialReleased { Cause: ReleaseCause.Drained };
                if (!forgotten && Misquotes(e, scene.Referee.Trained.GetValueOrDefault(lease)))
                {
                    yield return $"{e.GetType().Name} of trial {trial.Number} is not what the worker with lease {lease} reported";
                }
            }
        }

        foreach (var (key, _) in scene.Plan.LosesTail ? [] : scene.Referee.Acknowledged)
        {
            if (!leases.TryGetValue((key.Number, key.Attempt), out var lease) || lease != key.Lease || !ends.Contains(lease))
            {
                yield return $"the acknowledged outcome of attempt {key.Attempt} of trial {key.Number} has left no trace in the journal";
            }
        }
    }

    private static bool Misquotes(StudyEvent e, TrialOutcome? outcome) => e switch
    {
        TrialCompleted completed => outcome is not TrialOutcome.Completed said || !said.Value.Equals(completed.Value),
        TrialDiverged => outcome is not (TrialOutcome.Diverged or TrialOutcome.Completed { Value: double.NaN }),
        TrialPaused paused => outcome is not TrialOutcome.Paused said || said.Step != paused.Step,
        TrialFailed { Reason: FailureReason.TrainingError } => outcome is not TrialOutcome.Failed,
        TrialReleased { Cause: ReleaseCause.TrainingError } => outcome is not TrialOutcome.Failed,

        // Null: the lease was still on its way when the worker began to drain, and it never took it.
        TrialReleased { Cause: ReleaseCause.Drained } => outcome is not (null or TrialOutcome.Released),
        _ => false,
    };

    /// <summary>A trial that kills its worker is given up in time, and none is given up for less.</summary>
    private static IEnumerable<string> Losses(Scene scene, IReadOnlyList<StudyEvent> journal)
    {
        if (!scene.Plan.LosesTail)
        {
            foreach (var (number, kills) in scene.Referee.Kills.Where(k => k.Value > MostKills))
            {
                yield return $"trial {number} killed {kills} workers";
            }
        }

        foreach (var failed in journal.OfType<TrialFailed>().Where(f => f.Reason == FailureReason.WorkerLost))
        {
            var losses = journal.OfType<TrialReleased>().Count(r => r.Number == failed.Number && r.Cause == ReleaseCause.WorkerLost);
            if (losses < StudyDecisions.MostLosses)
            {
                yield return $"trial {failed.Number} is given up after {losses} losses";
            }
        }
    }

    /// <summary>Where no worker was hurt, none is lost, and nothing is trained twice but what erred.</summary>
    private static IEnumerable<string> Economy(Scene scene, IReadOnlyList<StudyEvent> journal)
    {
        if (!scene.Plan.WorkersAreSafe)
        {
            yield break;
        }

        foreach (var lost in journal.OfType<TrialReleased>().Where(r => r.Cause != ReleaseCause.TrainingError))
        {
            yield return $"trial {lost.Number} was taken from its worker ({lost.Cause}), though no worker was hurt";
        }

        var errors = journal.OfType<TrialReleased>().GroupBy(r => r.Number).ToDictionary(g => g.Key, g => g.Count());
        foreach (var (number, trainings) in scene.Referee.Trainings)
        {
            var pauses = journal.Count(e => e is TrialPaused paused && paused.Number == number);
            if (trainings > 1 + errors.GetValueOrDefault(number) + pauses)
            {
                yield return $"trial {number} was trained {trainings} times, though it erred only {errors.GetValueOrDefault(number)} times and was set aside {pauses} times";
            }
        }
    }
}
