using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Search.Pbt;

/// <summary>A study of a population by hand: trials are suggested and ended one by one.</summary>
internal sealed class SimulatedPopulation(PbtSettings settings, SearchSpace space, Direction direction = Direction.Minimize)
{
    private const long Seed = 42;

    private readonly PbtSampler _sampler = new(settings);
    private readonly Population _population = new(settings);
    private readonly object _lineage = new();
    private readonly List<HistoryTrial> _trials = [];
    private readonly List<int> _finished = [];

    public IReadOnlyList<HistoryTrial> Trials => _trials;

    public StudyHistory History => new(_trials.Count + _finished.Count, direction, [.. _trials])
    {
        Finished = [.. _finished],
        Open = [.. _trials.Where(t => !t.State.IsFinal()).Select(t => t.Number)],
        Lineage = _lineage,
    };

    public int Ready => _population.Ready(History);

    public int OldestNeeded => _population.OldestNeeded(History);

    /// <summary>Suggests the next trial, which is what a sampler without memos suggests too; null when there is none.</summary>
    public HistoryTrial? Suggest()
    {
        var next = _sampler.SuggestSegment(space, History, Rng.For(Seed, _trials.Count, "suggest"));
        Assert.Equal(new PbtSampler(settings).SuggestSegment(space, History with { Lineage = null }, Rng.For(Seed, _trials.Count, "suggest")), next);
        if (next is null)
        {
            return null;
        }

        Assert.True(space.Contains(next.Parameters), next.Parameters.ToString());
        _trials.Add(new HistoryTrial(_trials.Count, next.Parameters, TrialState.Running, null, false) { Segment = next.Segment });
        return _trials[^1];
    }

    /// <summary>Suggests all that is ready.</summary>
    public List<HistoryTrial> SuggestAll() => [.. Enumerable.Range(0, Ready).Select(_ => Suggest()!)];

    public void Complete(int number, double value, params IReadOnlyList<double> violations) =>
        End(number, t => t with { State = TrialState.Complete, Value = value, Violations = violations });

    public void End(int number, TrialState state) => End(number, t => t with { State = state });

    private void End(int number, Func<HistoryTrial, HistoryTrial> end)
    {
        Assert.Equal(TrialState.Running, _trials[number].State);
        _trials[number] = end(_trials[number]);
        _finished.Add(number);
    }
}
