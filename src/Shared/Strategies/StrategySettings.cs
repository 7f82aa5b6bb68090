using TuningCluster.Shared.Settings;

namespace TuningCluster.Shared.Strategies;

/// <summary>The search strategies and their settings beside the seed: what schema, validation, documentation and samplers go by.</summary>
public static class StrategySettings
{
    /// <summary>Those that know what to do with several objectives.</summary>
    public static readonly IReadOnlyList<string> ForSeveralObjectives = ["grid", "random", "quasirandom", "bayesian", "nsga2", "auto"];

    /// <summary>Those that learn from trials of an earlier study.</summary>
    public static readonly IReadOnlyList<string> ForWarmStart = ["bayesian", "tpe", "cmaes", "metropolis", "nsga2", "auto"];

    /// <summary>The one whose trials train parts of the steps.</summary>
    public const string Population = "pbt";

    public static readonly SettingTable Table = new(
        ("grid", []),
        ("random", []),
        ("quasirandom",
        [
            Setting.Text("sequence", ["sobol", "halton"], "sobol", "The low-discrepancy sequence, scrambled by the seed: sobol or halton."),
        ]),
        ("bayesian",
        [
            Setting.Int("startup", 1, 1_000_000, null, "Trials drawn quasi-randomly before the model is asked; one more than the parameters, between 6 and 20, when absent."),
            Setting.Text("marginalize", ["map", "metropolis"], "map", "Hyperparameters of the model: the most probable ones (map), or an average over their posterior, drawn by the Metropolis algorithm."),
        ]),
        ("tpe",
        [
            Setting.Int("startup", 1, 1_000_000, 10, "Trials drawn quasi-randomly before the densities are asked."),
            Setting.Bool("multivariate", true, "Estimates parameters that are active together together; false: each alone."),
            Setting.Int("candidates", 1, 10_000, 24, "Points drawn from the good density, of which the best is taken."),
            Setting.Float("gamma", 0, true, 0.5, 0.1, "Share of the trials that are good; at most 25 of them."),
        ]),
        ("cmaes",
        [
            Setting.Int("population", 4, 100_000, null, "Trials of a generation; 4 + ln of the coordinates, at least 6, when absent."),
            Setting.Float("sigma", 0, true, 1, 0.13, "First step size, as a share of the ranges."),
            Setting.Text("restarts", ["ipop", "none"], "ipop", "Begins anew with twice the population when it has converged (ipop), or never."),
            Setting.Bool("lr_adapt", false, "Learning rates follow the signal-to-noise ratio: slower, for noisy and rugged objectives."),
        ]),
        ("metropolis",
        [
            Setting.Int("startup", 1, 1_000_000, null, "Quasi-random trials that the temperature is taken from; two more than the parameters, between 8 and 30, when absent."),
            Setting.Int("chains", 1, 1000, 1, "Chains, of rising temperatures that they exchange (parallel tempering) when there are several."),
            Setting.Float("temperature", 0, true, double.PositiveInfinity, null, "A temperature that stays, in units of the objective; taken from the first trials and cooled with the budget when absent."),
            Setting.Bool("adapt", true, "Scales of the proposals follow the acceptance."),
        ]),
        (Population,
        [
            Setting.Int("population", 2, 100_000, 8, "Networks that are trained side by side, the members."),
            Setting.Int("interval", 1, 1_000_000, null, "Epochs between two comparisons, each a trial; a tenth of the epochs, at least 1, when absent."),
            Setting.Float("quantile", 0, true, 0.5, 0.25, "Share of the members that take over weights and parameters, and of those they take them from."),
            Setting.Float("resample", 0, false, 1, 0.25, "Probability that a parameter taken over is drawn anew instead of moved."),
            Setting.Float("perturb", 1, true, 10, 1.2, "What a number is multiplied or divided by when it is moved."),
        ]),
        ("nsga2",
        [
            Setting.Int("population", 2, 100_000, null, "Trials that may become parents, and that are drawn quasi-randomly before; a tenth of the budget, between 10 and 50, when absent."),
            Setting.Float("crossover", 0, false, 1, 0.9, "Probability that a point has two parents, not one."),
            Setting.Float("mutation", 0, false, 1, null, "Probability that a parameter mutates; one over the parameters when absent."),
            Setting.Float("eta", 0, true, double.PositiveInfinity, 10, "Distribution index of crossover and mutation of numbers: the greater, the nearer to the parents."),
        ]),
        ("auto", []));
}
