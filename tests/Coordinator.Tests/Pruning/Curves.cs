using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Pruning;

/// <summary>Histories of trials with given curves.</summary>
internal static class Curves
{
    /// <summary>A trial whose value after step i + 1 is the i-th.</summary>
    public static HistoryTrial Trial(int number, TrialState state, params double[] values) =>
        new(number, TrialParametersOf(number), state, state == TrialState.Complete ? values[^1] : null, Enqueued: false)
        {
            Curve = [.. values.Select((value, i) => new IntermediateValue(i + 1, value))],
        };

    public static HistoryTrial Complete(int number, params double[] values) => Trial(number, TrialState.Complete, values);

    public static HistoryTrial Paused(int number, params double[] values) => Trial(number, TrialState.Paused, values);

    public static StudyHistory History(params HistoryTrial[] trials) => new(trials.Length, Direction.Minimize, trials);

    public static StudyHistory Maximized(StudyHistory history) => history with
    {
        Direction = Direction.Maximize,
        Trials = [.. history.Trials.Select(t => t with { Value = -t.Value, Curve = [.. t.Curve.Select(p => p with { Value = -p.Value })] })],
    };

    private static Shared.SearchSpaces.TrialParameters TrialParametersOf(int number) =>
        new([KeyValuePair.Create("x", Shared.SearchSpaces.ParameterValue.Int(number))]);
}
