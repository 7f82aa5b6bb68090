using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.TestKit.Simulation;

internal enum Temper
{
    Completes,
    Diverges,

    /// <summary>Says it is complete, with a value that is none.</summary>
    CompletesWithoutNumber,
    AlwaysErrs,

    /// <summary>Its first attempt raises an error.</summary>
    ErrsFirst,

    /// <summary>Kills its worker before its first step, every time.</summary>
    Poison,
}

/// <summary>What a trial is like: decided by the seed and its number alone, as real training is.</summary>
/// <param name="Steps">Intermediate values.</param>
internal sealed record TrialNature(Temper Temper, TimeSpan Duration, int Steps)
{
    public static TrialNature Of(SimulationPlan plan, int number)
    {
        var rng = Rng.For(plan.Seed, number, "nature");
        var duration = rng.NextDouble() switch
        {
            < 0.05 => rng.Seconds(20, 50),
            < 0.2 => rng.Seconds(4, 15),
            _ => rng.Seconds(0.05, 4),
        };
        var word = rng.NextDouble();
        var temper = word switch
        {
            < 0.04 => Temper.Diverges,
            < 0.06 => Temper.CompletesWithoutNumber,
            < 0.10 => Temper.AlwaysErrs,
            < 0.16 => Temper.ErrsFirst,
            _ when word < 0.16 + plan.Poison => Temper.Poison,
            _ => Temper.Completes,
        };
        return new TrialNature(temper, duration, rng.NextInt32(4));
    }

    /// <summary>The objective: a function of the parameters.</summary>
    public static double Value(TrialParameters parameters)
    {
        var value = 0.0;
        foreach (var (name, parameter) in parameters)
        {
            var number = parameter.IsNumber ? parameter.AsDouble() : parameter.ToString().Length;
            value += Math.Sin((7 * number) + name.Length + name[0]);
        }

        return value;
    }
}
