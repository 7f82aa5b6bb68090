using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>The best trials of a study that is over, trained again under other seeds (<see cref="ReevaluateSpec"/>). Pure.</summary>
/// <remarks>
/// Of N noisy values the best one is too good: it won because it was lucky. So the trial with the best mean over its copies is the best of the study, and its own value,
/// which selected it, is left out of that mean. A copy is a trial of its own number, and the number makes the training seed.
/// </remarks>
/// <param name="Reason">Why the study is over.</param>
/// <param name="Trials">Numbers of the best trials, the best first.</param>
public sealed record Reevaluation(FinishReason Reason, IReadOnlyList<int> Trials)
{
    public bool Equals(Reevaluation? other) => other is not null && Reason == other.Reason && Trials.SequenceEqual(other.Trials);

    public override int GetHashCode() => HashCode.Combine(Reason, Trials.Count);

    /// <summary>The trials to be trained again, the best first: of equals the lower number.</summary>
    public static IReadOnlyList<int> Candidates(StudyState state) => [.. ByValue(state).Where(t => Adopted(state.Spec.Space, t.Parameters) is not null).Take(state.Spec.Reevaluate!.Top).Select(t => t.Number)];

    /// <summary>A trial's parameters as the space now has them; null when they are no point of it, which a set that the user asked for may be.</summary>
    public static TrialParameters? Adopted(SearchSpace space, TrialParameters parameters) => space.Contains(parameters) ? parameters : space.Adopt(parameters);

    /// <summary>The best by its own value; null when no trial is usable.</summary>
    public static int? BestByValue(StudyState state) => ByValue(state).FirstOrDefault()?.Number;

    /// <summary>The value of the trial that is just good enough to be trained again by now: the weights of worse ones are of no use. Null while there are too few.</summary>
    public static double? Mark(StudyState state)
    {
        var direction = state.Spec.Objective.Direction;
        var best = new PriorityQueue<double, double>();
        foreach (var trial in state.Trials)
        {
            if (trial is { IsUsable: true, CopyOf: null, Value: { } value })
            {
                // The worst of those kept is on top.
                best.Enqueue(value, -direction.ToLoss(value));
                if (best.Count > state.Spec.Reevaluate!.Top)
                {
                    best.Dequeue();
                }
            }
        }

        return best.Count < state.Spec.Reevaluate!.Top ? null : best.Peek();
    }

    /// <summary>For each copy that is still to be made the trial it is of. Cancelled ones are made up for.</summary>
    public IEnumerable<int> Missing(StudyState state) =>
        Trials.SelectMany(number => Enumerable.Repeat(number, Math.Max(0, state.Spec.Reevaluate!.Seeds - CopiesOf(state, number).Count(t => t.State != TrialState.Cancelled))));

    /// <summary>The values of a trial's copies, in the order of their numbers; those that did not come to a usable one are left out.</summary>
    public static IReadOnlyList<double> Values(StudyState state, int number) => [.. CopiesOf(state, number).Where(t => t.IsUsable).Select(t => t.Value!.Value)];

    /// <summary>The trial with the best mean; of equals the lower number; the best by its own value when no copy came to anything.</summary>
    public int? Winner(StudyState state)
    {
        var direction = state.Spec.Objective.Direction;
        return Trials
            .Select(number => (Number: number, Values: Values(state, number)))
            .Where(t => t.Values.Count > 0)
            .OrderBy(t => direction.ToLoss(t.Values.Average()))
            .ThenBy(t => t.Number)
            .Select(t => (int?)t.Number)
            .FirstOrDefault() ?? BestByValue(state);
    }

    private static IEnumerable<Trial> ByValue(StudyState state) => state.Trials
        .Where(t => t is { IsUsable: true, CopyOf: null })
        .OrderBy(t => state.Spec.Objective.Direction.ToLoss(t.Value!.Value))
        .ThenBy(t => t.Number);

    private static IEnumerable<Trial> CopiesOf(StudyState state, int number) => state.Trials.Where(t => t.CopyOf == number);
}
