using System.Globalization;
using TuningCluster.Coordinator.Search.Grid;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Search;

/// <summary>Finds constraints on parameters under which a study could suggest nothing, before it begins.</summary>
public static class ConstraintFaults
{
    private const string Hint = "loosen a constraint, or narrow the ranges of its parameters to where it holds";

    /// <exception cref="SpecException">The grid has no point that is allowed, or more than can be looked at; no random point is allowed; an enqueued set
    /// cannot be completed.</exception>
    public static void ThrowIfAny(StudySpec spec)
    {
        var faults = spec.Space.Constraints.Count == 0 ? [] : Of(spec);
        if (faults.Count > 0)
        {
            throw new SpecException(faults);
        }
    }

    private static List<SpecError> Of(StudySpec spec)
    {
        var faults = new List<SpecError>();
        if (Space(spec) is { } fault)
        {
            return [new SpecError("constraints", fault, Hint)];
        }

        for (var i = 0; i < spec.Enqueue.Count; i++)
        {
            try
            {
                EnqueuedTrials.Complete(spec.Space, spec.Enqueue[i], Stream());
            }
            catch (InvalidOperationException)
            {
                faults.Add(new SpecError(
                    string.Create(CultureInfo.InvariantCulture, $"enqueue[{i}]"),
                    string.Create(CultureInfo.InvariantCulture, $"with these values none of {AllowedDraw.MostDraws} draws of the others fulfils the constraints"),
                    "give other values, or fewer"));
            }
        }

        return faults;
    }

    private static string? Space(StudySpec spec)
    {
        try
        {
            return spec.Strategy.Name != "grid"
                ? new RandomSampler().Suggest(spec.Space, new StudyHistory(0, spec.Objective.Direction, []), Stream()) is null ? "nothing can be drawn" : null
                : GridPoints.Of(spec.Space).Count == 0 ? "no point of the grid fulfils them" : null;
        }
        catch (InvalidOperationException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"none of {AllowedDraw.MostDraws} random points fulfils them");
        }
        catch (ArgumentException)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"which points of a grid they allow is found by looking at each, of at most {GridPoints.MostConstrained}; this one has {new ParameterGrid(spec.Space).Size}");
        }
    }

    private static Rng Stream() => Rng.For(0, 0, "constraints");
}
