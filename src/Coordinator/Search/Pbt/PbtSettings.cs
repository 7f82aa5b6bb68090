using System.Diagnostics;
using System.Globalization;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Search.Pbt;

/// <summary>How a population is trained.</summary>
/// <param name="Members">Networks that are trained side by side; ≥ 2.</param>
/// <param name="Interval">Steps between two comparisons; ≥ 1.</param>
/// <param name="Steps">Steps a member trains in all; above <paramref name="Interval"/>.</param>
/// <param name="Quantile">Share of the members that take over from as many of the best; in (0, 0.5].</param>
/// <param name="Resample">Probability that a parameter taken over is drawn anew instead of moved; in [0, 1].</param>
/// <param name="Factor">What a number is multiplied or divided by when it is moved; > 1.</param>
public sealed record PbtSettings(int Members, int Interval, int Steps, double Quantile, double Resample, double Factor)
{
    /// <summary>Comparisons of a member that is given no interval, its end included.</summary>
    private const int Segments = 10;

    /// <summary>Trials of a member that nothing happens to.</summary>
    public int Turns => ((Steps - 1) / Interval) + 1;

    /// <summary>For a user's eyes.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Members} members train {Steps} epochs each and are compared {(Interval == 1 ? "every epoch" : $"every {Interval} epochs")}: {(long)Members * Turns} trials");

    /// <exception cref="UnreachableException">The study's trials have no steps: it was not validated.</exception>
    public static PbtSettings From(StudySpec spec)
    {
        var settings = spec.Strategy.Settings;
        var steps = TrialSteps.Most(spec) ?? throw new UnreachableException($"Study '{spec.Name}' trains a population, and its trials have no steps.");
        return new PbtSettings(
            (int)settings["population"].AsInt(),
            settings.TryGetValue("interval", out var interval) ? (int)interval.AsInt() : Math.Max(1, steps / Segments),
            steps,
            settings["quantile"].AsDouble(),
            settings["resample"].AsDouble(),
            settings["perturb"].AsDouble());
    }
}
