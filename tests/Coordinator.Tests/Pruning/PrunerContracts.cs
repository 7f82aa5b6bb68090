using TuningCluster.Coordinator.Pruning;

namespace TuningCluster.Coordinator.Tests.Pruning;

public sealed class MedianPrunerContract : PrunerContract
{
    protected override IPruner Create() => new MedianPruner(new JudgementSteps(3, 0), startup: 4, percentile: 50);
}

public sealed class StoppingHalvingContract : PrunerContract
{
    protected override IPruner Create()
    {
        var rungs = new Rungs(1, 3, Steps, _ => true);
        return new StoppingHalving(_ => rungs);
    }
}

public sealed class PromotingHalvingContract : PrunerContract
{
    protected override IPruner Create() => new PromotingHalving(new Rungs(1, 3, Steps, _ => true));
}

public sealed class HyperbandContract : PrunerContract
{
    protected override IPruner Create() => new StoppingHalving(new Brackets(1, 3, Steps, seed: 42).Ladder);
}

public sealed class PatiencePrunerContract : PrunerContract
{
    protected override IPruner Create() => new PatiencePruner(new JudgementSteps(2, 1), patience: 4, progress: 0.01);
}

public sealed class ThresholdPrunerContract : PrunerContract
{
    protected override IPruner Create() => new ThresholdPruner(new JudgementSteps(3, 2), lower: -1.2, upper: 1.2);
}
