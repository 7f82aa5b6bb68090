using TuningCluster.Coordinator.Leasing;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>Which lapsed or waiting trial goes to which free slot. A part of every decision; pure.</summary>
public static class TrialGrants
{
    /// <summary>Fills the free slots: trials whose lease has lapsed, then those that wait.</summary>
    /// <remarks>A lapsed trial counts among those that run: while new ones went before it, a dead worker's share of `parallel` stayed idle.</remarks>
    internal static void Fill(Decision decision)
    {
        var context = decision.Context;
        if (context.Workers.Count == 0)
        {
            return;
        }

        var held = context.Workers.ToDictionary(w => w.Name, w => (Count: 0, Alone: false), StringComparer.Ordinal);
        var waiting = new Queue<Trial>();
        var lapsed = new Queue<Trial>();
        var alone = new Queue<Trial>();
        var running = 0;
        foreach (var trial in InOrder(decision.State, context))
        {
            (trial.Losses >= StudyDecisions.LossesToRunAlone ? alone : waiting).Enqueue(trial);
        }

        foreach (var trial in decision.State.OpenTrials)
        {
            if (trial.State == TrialState.Running)
            {
                running++;
                if (held.TryGetValue(trial.Lease!.Worker, out var load))
                {
                    held[trial.Lease.Worker] = (load.Count + 1, load.Alone || trial.Losses >= StudyDecisions.LossesToRunAlone);
                }

                if (context.IsLapsed(trial.Lease.Id))
                {
                    lapsed.Enqueue(trial);
                }
            }
        }

        // A trial that must run alone needs an empty worker: the least loaded one gets nothing else until it is empty.
        // Where the limit is reached it cannot start anyway, and lapsed trials, which count, may need that worker first.
        var limit = RunningLimit(decision.State, context);
        var wantsAlone = (alone.Count > 0 && running < limit) || lapsed.Any(t => LossesAfter(t, context) is >= StudyDecisions.LossesToRunAlone and < StudyDecisions.MostLosses);
        var kept = wantsAlone ? context.Workers.Where(w => w.Slots > 0).OrderBy(w => held[w.Name].Count).FirstOrDefault()?.Name : null;
        // One a round to each worker, the least loaded first: a trial never waits at one slot while another slot is free.
        // Of the last ones none waits at all: the slot that it waits at may be the last to be free.
        var slots = context.Workers.Sum(SlotsOf);
        var toCome = StudyEnd.SuggestionsLeft(decision.State, context);
        foreach (var depth in context.LookAhead > 0 && limit == int.MaxValue ? (int[])[1, 1 + context.LookAhead] : [1])
        {
            for (var gave = waiting.Count + lapsed.Count + alone.Count > 0; gave;)
            {
                gave = false;
                foreach (var worker in context.Workers.OrderBy(w => held[w.Name].Count / (double)SlotsOf(w)).ToList())
                {
                    gave |= Give(worker, depth);
                }
            }
        }

        int SlotsOf(KnownWorker worker) => worker.TrialsOf(decision.State.Spec.Parallel.Threads);

        bool Give(KnownWorker worker, int depth)
        {
            var load = held[worker.Name];
            var isAhead = load.Count >= SlotsOf(worker);
            if (load.Alone || load.Count >= SlotsOf(worker) * depth || (isAhead && toCome < slots - waiting.Count))
            {
                return false;
            }

            if (load.Count == 0 && running < limit && alone.TryDequeue(out var lonely))
            {
                running++;
                held[worker.Name] = (1, true);
                Start(decision, lonely, worker);
                return true;
            }

            for (var looked = lapsed.Count; looked > 0; looked--)
            {
                var silent = lapsed.Dequeue();
                var losses = LossesAfter(silent, context);
                var runsAlone = losses is >= StudyDecisions.LossesToRunAlone and < StudyDecisions.MostLosses;
                if (silent.Lease!.Worker == worker.Name || (runsAlone ? load.Count > 0 : worker.Name == kept))
                {
                    lapsed.Enqueue(silent);
                    continue;
                }

                // Released and started in one batch: until the next attempt is in the journal, this one's outcome counts.
                StudyDecisions.Lose(decision, silent, ReleaseCause.WorkerLost, $"{silent.Lease.Worker} fell silent");
                if (losses < StudyDecisions.MostLosses)
                {
                    held[worker.Name] = (load.Count + 1, runsAlone);
                    Start(decision, decision.State.Trials[silent.Number], worker);
                }

                return true;
            }

            if (worker.Name != kept && running < limit && waiting.TryDequeue(out var trial))
            {
                running++;
                held[worker.Name] = (load.Count + 1, false);
                Start(decision, trial, worker);
                return true;
            }

            return false;
        }
    }

    /// <summary>Those that were interrupted, those whose next segment is due, those that are new. Each kind the oldest first but the second, which the rule orders.</summary>
    private static IEnumerable<Trial> InOrder(StudyState state, DecisionContext context)
    {
        var waiting = state.OpenTrials.Where(t => t.State == TrialState.Waiting).ToLookup(t => t.Attempts > 0);
        return waiting[true].Concat(GoOn(state, context).Select(number => state.Trials[number])).Concat(waiting[false]);
    }

    /// <summary>Paused trials that may train their next segment, the most promising first.</summary>
    internal static IReadOnlyList<int> GoOn(StudyState state, DecisionContext context) =>
        state.PausedCount == 0 ? []
        : context.Pruner.GoOn(state.History) is { Count: > 0 } byRule ? byRule
        : LastChance(state) is { } last && StudyEnd.SuggestionsLeft(state, context) <= 0 ? [last]
        : [];

    /// <summary>The trial that goes on although the rule does not ask for it: where nothing runs and none is complete, the study would end with nothing. Null where there is none.</summary>
    /// <remarks>Of those that came furthest the best one, as synchronous halving has at least one trial in each rung (Jamieson and Talwalkar 2016): a rung of less
    /// than `factor` trials lets nobody go on by itself.</remarks>
    public static int? LastChance(StudyState state)
    {
        var open = state.OpenOwn.ToList();
        return state.Counts.Complete > 0 || open.Count == 0 || open.Exists(t => t.State != TrialState.Paused)
            ? null
            : open.OrderByDescending(t => t.PausedAt)
                .ThenBy(t => t.Curve.Count > 0 ? state.Spec.Objective.Direction.ToLoss(t.Curve[^1].Value) : double.PositiveInfinity)
                .ThenBy(t => t.Number)
                .First().Number;
    }

    /// <summary>Losses the trial would have if its worker were given up now.</summary>
    private static int LossesAfter(Trial trial, DecisionContext context) =>
        (context.ReachedStep(trial.Number) > trial.ReachedStep ? 0 : trial.Losses) + 1;

    private static void Start(Decision decision, Trial trial, KnownWorker worker) => Start(decision, trial, worker.Name, worker.Incarnation);

    internal static void Start(Decision decision, Trial trial, string worker, string incarnation)
    {
        decision.Journal(new TrialStarted(trial.Number, trial.Attempts + 1, decision.Context.FreshLease(), worker, incarnation));
        decision.Then(StudyDecisions.Run(decision, decision.State.Trials[trial.Number]));
    }

    /// <summary>
    /// The study's own limit, where it is what binds: then no lease may wait either, it would run beside the others, and beside those of
    /// workers that were not heard of yet since the coordinator started.
    /// </summary>
    internal static int RunningLimit(StudyState state, DecisionContext context)
    {
        var elsewhere = state.OpenTrials.Count(t => t.State == TrialState.Running && context.Workers.All(w => w.Name != t.Lease!.Worker));
        return state.Spec.Parallel.Trials is { } trials && trials < context.Workers.Sum(w => w.TrialsOf(state.Spec.Parallel.Threads)) + elsewhere ? trials : int.MaxValue;
    }

    internal static int Capacity(StudyState state, KnownWorker worker, DecisionContext context) =>
        worker.TrialsOf(state.Spec.Parallel.Threads) * (1 + context.LookAhead);
}
