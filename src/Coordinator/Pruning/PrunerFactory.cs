using System.Diagnostics;
using TuningCluster.Shared.Strategies;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>The rule of a study's <c>stopping</c>.</summary>
public static class PrunerFactory
{
    /// <summary>Judgements of a whole trial by a rule that is given no interval.</summary>
    private const int Judgements = 10;

    /// <exception cref="UnreachableException">The rule is none of this release: the study was not validated.</exception>
    public static IPruner Create(StudySpec spec)
    {
        var (name, settings) = (spec.Stopping.Name, spec.Stopping.Settings);
        if (name == StoppingSettings.None)
        {
            return TrainToEnd.Instance;
        }

        var most = Int("max") ?? TrialSteps.Most(spec);
        var steps = new JudgementSteps(Int("interval") ?? Math.Max(1, (most ?? 1) / Judgements), Int("warmup") ?? 0);
        return name switch
        {
            "median" => new MedianPruner(steps, Int("startup")!.Value, settings["percentile"].AsDouble()),
            "patience" => new PatiencePruner(steps, Int("patience")!.Value, settings["min_delta"].AsDouble()),
            "threshold" => new ThresholdPruner(steps, Float("lower"), Float("upper")),
            "asha" => Halving(),
            "hyperband" => new StoppingHalving(new Brackets(Int("min")!.Value, Int("factor")!.Value, Last(), spec.Strategy.Seed!.Value).Ladder),
            _ => throw new UnreachableException($"No pruner for the rule '{name}' of study '{spec.Name}'."),
        };

        IPruner Halving()
        {
            var rungs = new Rungs(Int("min")!.Value, Int("factor")!.Value, Last(), _ => true);
            return settings["mode"].AsText() == "promote" ? new PromotingHalving(rungs) : new StoppingHalving(_ => rungs);
        }

        int Last() => most ?? throw new UnreachableException($"Study '{spec.Name}' has '{name}' and trials without steps.");
        int? Int(string setting) => settings.TryGetValue(setting, out var value) ? (int)value.AsInt() : null;
        double? Float(string setting) => settings.TryGetValue(setting, out var value) ? value.AsDouble() : null;
    }
}
