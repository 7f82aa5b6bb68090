using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.TestKit.Simulation;

/// <summary>What all parts of one simulation share.</summary>
internal sealed class Scene(SimulationPlan plan, PlantedBug bug, SimulationLog? log)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public SimulationPlan Plan { get; } = plan;

    public VirtualTime Time { get; } = new();

    /// <summary>Every choice while the simulation runs.</summary>
    public Rng Rng { get; } = Rng.For(plan.Seed, -1, "run");

    public Referee Referee => field ??= new Referee(this);

    /// <summary>What is being trained, those told to stop aside.</summary>
    public required Func<IEnumerable<AttemptKey>> Training { get; init; }

    /// <summary>Trials that left something to go on from, in the one folder that all workers share.</summary>
    public HashSet<int> Left { get; } = [];

    /// <summary>From now on nothing goes wrong but the trials.</summary>
    public bool Healed { get; set; }

    /// <summary>How far the wall clock is off.</summary>
    public TimeSpan WallOffset { get; set; }

    public DateTimeOffset WallClock => Start + Time.Now + WallOffset;

    /// <summary>Null when nobody reads it: then <c>Log?.Add($"…")</c> formats nothing.</summary>
    public SceneLog? Log => field ??= log is null ? null : new SceneLog(Time, log);

    public bool Makes(PlantedBug mistake) => bug == mistake;
}

internal sealed class SceneLog(VirtualTime time, SimulationLog log)
{
    public void Add(string line) => log.Add(time.Now, line);
}
