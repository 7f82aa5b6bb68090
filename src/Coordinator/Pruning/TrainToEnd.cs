using TuningCluster.Coordinator.Search;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>The rule that ends no trial early: <c>stopping: none</c>.</summary>
public sealed class TrainToEnd : IPruner
{
    public static readonly TrainToEnd Instance = new();

    public bool LetsWait => false;

    public int? NextStep(int number, int step) => null;

    public bool Stops(StudyHistory history, int number) => false;

    // What was set aside under a rule that the study no longer has goes on.
    public IReadOnlyList<int> GoOn(StudyHistory history) => PausedTrials.Of(history);
}
