using TuningCluster.Shared.Strategies;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>What gives a study more to do: a larger budget, a wider space, another go at failed trials. A finished one opens again only when that leaves something to do. Pure.</summary>
public static class Reopening
{
    internal static void Extend(Decision decision, ExtendStudy extend)
    {
        var spec = decision.State.Spec;
        var widens = extend.Wider is { } wider && !wider.Space.Equals(spec.Space);
        if (widens || Extended(spec, extend) != spec)
        {
            // A finished study opens again only when space and budget leave something to do.
            var size = widens ? StrategySize.Of(Extended(decision.State, extend)) : decision.Context.SamplerSize;
            if (decision.State.Phase != StudyPhase.Finished || StudyEnd.Reason(Extended(decision.State, extend), decision.Context with { SamplerSize = size }) is null)
            {
                Extend(decision, extend, widens, size);
            }
        }
    }

    private static void Extend(Decision decision, ExtendStudy extend, bool widens, long? size)
    {
        if (widens)
        {
            decision.Journal(new SpaceWidened(decision.State.Spec with { Space = extend.Wider!.Space, Model = extend.Wider.Model }));
            decision.Resize(size);
        }

        if (Extended(decision.State.Spec, extend) != decision.State.Spec)
        {
            decision.Journal(new StudyExtended(extend.Budget, extend.Limits, extend.Parallel, extend.Retry));
        }
    }

    /// <summary>The state as it would be under the command's specification, whatever phase it is in.</summary>
    public static StudyState Extended(StudyState state, ExtendStudy extend)
    {
        var spec = Extended(state.Spec, extend);
        return Study.With(state with { Reevaluation = null }, extend.Wider is { } wider ? spec with { Space = wider.Space, Model = wider.Model } : spec);
    }

    private static StudySpec Extended(StudySpec spec, ExtendStudy extend) =>
        spec with { Budget = extend.Budget, Limits = extend.Limits, Parallel = extend.Parallel, Retry = extend.Retry };

    /// <summary>The failed trials that would be run again: those that are not already, and lie in the space. None of a population, which makes up for a failed turn itself.</summary>
    public static IEnumerable<TrialEnqueued> Retries(StudyState state) =>
        from trial in state.Spec.Strategy.Name == StrategySettings.Population ? [] : state.Trials
        where trial.State == TrialState.Failed && !state.Retried.Contains(trial.Number)
        let parameters = state.WidenedAt == 0 ? trial.Parameters : state.Spec.Space.Adopt(trial.Parameters)
        where parameters is not null
        select new TrialEnqueued(parameters) { RetryOf = trial.Number };

    /// <summary>A finished study opens again only when that leaves something to do.</summary>
    internal static void Retry(Decision decision)
    {
        var retries = Retries(decision.State).ToList();
        if (decision.State.Phase == StudyPhase.Finished
            && StudyEnd.Reason(retries.Aggregate(decision.State, (state, e) => Study.Apply(state, e)), decision.Context) is not null)
        {
            return;
        }

        retries.ForEach(decision.Journal);
    }
}
