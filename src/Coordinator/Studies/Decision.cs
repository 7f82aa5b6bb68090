using TuningCluster.Coordinator.Leasing;
using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Search.Pbt;

namespace TuningCluster.Coordinator.Studies;

/// <summary>What a decision may look at beside the journalled state.</summary>
/// <param name="Now">Wall clock.</param>
/// <param name="Elapsed">Running time of the study over all resumes.</param>
/// <param name="Workers">Those that may be given trials, with this study's share of their slots, by name.</param>
/// <param name="LookAhead">Leased trials that may wait at each slot.</param>
/// <param name="SamplerSize">How many suggestions the strategy has in all; null when there is no end.</param>
/// <param name="Pruner">The rule that ends trials early.</param>
/// <param name="IsLapsed">By lease id.</param>
/// <param name="ReachedStep">The last step reported of a running trial, by number; 0 when unknown.</param>
/// <param name="FreshLease">A new lease id.</param>
public sealed record DecisionContext(
    DateTimeOffset Now,
    TimeSpan Elapsed,
    IReadOnlyList<KnownWorker> Workers,
    int LookAhead,
    long? SamplerSize,
    IPruner Pruner,
    Func<string, bool> IsLapsed,
    Func<int, int> ReachedStep,
    Func<string> FreshLease)
{
    /// <summary>The population that the study trains; null when it trains none.</summary>
    public Population? Population { get; init; }
}

/// <summary>One decision in the making: events fold into <see cref="State"/> as they are decided.</summary>
public sealed class Decision(StudyState? state, DecisionContext context)
{
    private readonly List<StudyEvent> _events = [];
    private readonly List<Effect> _effects = [];

    public DecisionContext Context { get; private set; } = context;

    public StudyState? Current { get; private set; } = state;

    public StudyState State => Current ?? throw new InvalidOperationException("The study does not exist yet.");

    public IReadOnlyList<StudyEvent> Events => _events;

    /// <summary>To be carried out once <see cref="Events"/> are in the journal.</summary>
    public IReadOnlyList<Effect> Effects => _effects;

    public void Journal(StudyEvent e)
    {
        e = e with { At = Context.Now, Elapsed = Context.Elapsed };
        Current = Study.Apply(Current, e);
        _events.Add(e);
    }

    /// <summary>The strategy of the wider space has another number of suggestions.</summary>
    public void Resize(long? samplerSize) => Context = Context with { SamplerSize = samplerSize };

    public void Then(Effect effect) => _effects.Add(effect);
}
