using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.TestKit.Simulation;

/// <summary>On one slot, or in a strict study on any number: whatever is killed, the trials are those of a run on one slot where nothing was.</summary>
internal static class Twin
{
    public static bool Applies(SimulationPlan plan) =>
        plan.User.Count == 0 && plan.Spec.Budget.Time is null
        && (plan.Slots is [1] ? plan.Faults.Count > 0 || plan.Weather != Weather.Calm : plan.Spec.Reproducible.Window is not null);

    public static IEnumerable<string> Compare(SimulationResult result, SimulationResult faultless)
    {
        if (faultless.Faults.Count > 0)
        {
            return faultless.Faults;
        }

        var (trials, others) = (result.Final!.Trials, faultless.Final!.Trials);
        var strict = result.Plan.Spec.Reproducible.Window is not null;
        if ((strict || PrunerFactory.Create(result.Plan.Spec).LetsWait) && Enumerable.Range(0, Math.Min(trials.Count, others.Count)).Any(MayDiffer))
        {
            // What becomes of a trial that waits depends on later ones too; what follows the end of a strict study, on where that is.
            return [];
        }

        for (var n = 0; n < Math.Min(trials.Count, others.Count); n++)
        {
            var (trial, other) = (trials[n], others[n]);
            if (!trial.Parameters.Equals(other.Parameters))
            {
                return [$"trial {n} has {trial.Parameters}; without faults it has {other.Parameters}"];
            }

            if (MayDiffer(n))
            {
                // It may rightly end otherwise, and all that follows with it.
                return [];
            }

            if (trial.State != other.State || !Nullable.Equals(trial.Value, other.Value))
            {
                return [$"trial {n} is {trial.State.Word()} with {trial.Value}; without faults it is {other.State.Word()} with {other.Value}"];
            }
        }

        if (strict && (result.Final.FinishReason, result.Final.Best) != (faultless.Final.FinishReason, faultless.Final.Best))
        {
            return [$"it ends for {result.Final.FinishReason} with trial {result.Final.Best}; on one slot for {faultless.Final.FinishReason} with trial {faultless.Final.Best}"];
        }

        return trials.Count == others.Count ? [] : [$"there are {trials.Count} trials; without faults there are {others.Count}"];

        bool MayDiffer(int n) => Lost(result, n) || Lost(faultless, n) || TrialNature.Of(result.Plan, n).Temper == Temper.ErrsFirst;
    }

    private static bool Lost(SimulationResult result, int number) =>
        result.Journal.OfType<TrialFailed>().Any(f => f.Number == number && f.Reason == FailureReason.WorkerLost);
}
