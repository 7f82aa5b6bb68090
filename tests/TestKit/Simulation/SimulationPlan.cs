using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TestKit.Simulation;

/// <summary>Everything about a simulation that is decided before it begins.</summary>
/// <param name="Local">The only worker lives in the coordinator's process.</param>
/// <param name="Slots">Of every worker.</param>
/// <param name="Poison">Probability that a trial is poison.</param>
/// <param name="Snapshots">Probability that a recovery starts from a snapshot.</param>
public sealed record SimulationPlan(
    long Seed,
    StudySpec Spec,
    bool Local,
    IReadOnlyList<int> Slots,
    Weather Weather,
    IReadOnlyList<Fault> Faults,
    IReadOnlyList<UserStep> User,
    double Poison,
    double Snapshots)
{
    /// <summary>Nothing that happens to it may end a lease of a living worker.</summary>
    public bool WorkersAreSafe => Weather.Loss == 0 && Poison == 0 && !Faults.Any(f => f.HurtsWorkers || f is Fault.LostTail)
        && !(Local && Faults.Any(f => f is Fault.CoordinatorCrash or Fault.LocalDrain));

    public bool LosesTail => Faults.Any(f => f is Fault.LostTail);

    /// <summary>The same study where nothing goes wrong but the trials.</summary>
    public SimulationPlan WithoutFaults() => this with { Weather = Weather.Calm, Faults = [], User = [] };

    /// <summary>The same, one trial at a time.</summary>
    public SimulationPlan OnOneSlot() => WithoutFaults() with { Slots = [1] };

    public static SimulationPlan Draw(long seed)
    {
        var rng = Rng.For(seed, -1, "plan");
        var local = rng.Chance(0.25);
        int[] slots = local ? [rng.Between(1, 4)] : [.. Enumerable.Range(0, rng.Between(1, 5)).Select(_ => rng.Between(1, 4))];
        if (rng.Chance(0.12))
        {
            slots = [1];
        }

        var kind = rng.NextDouble();
        var calm = kind < 0.12;
        var gentle = kind < 0.27;
        var weather = calm || local ? Weather.Calm : DrawWeather(rng, gentle);
        var faults = new List<Fault>();
        for (var i = calm ? 0 : rng.Between(gentle ? 1 : 0, gentle ? 3 : 7); i > 0; i--)
        {
            faults.Add(DrawFault(rng, local, gentle, slots.Length));
        }

        return new SimulationPlan(
            seed,
            Study(rng, seed),
            local,
            slots,
            weather,
            faults,
            rng.Chance(0.4) ? DrawUser(rng) : [],
            // Local poison kills the whole run: there the user ends it, not the study.
            !local && !gentle && rng.Chance(0.3) ? 0.08 : 0,
            rng.Chance(0.5) ? 0.7 : 0);
    }

    /// <summary>One in eight by a population, drawn from a stream of its own.</summary>
    private static StudySpec Study(Rng rng, long seed)
    {
        var spec = StudyDraw.Draw(rng, seed);
        var population = Rng.For(seed, -1, "population");
        return population.Chance(0.125) ? StudyDraw.OfPopulation(population, spec) : spec;
    }

    private static Weather DrawWeather(Rng rng, bool gentle) => new(
        gentle || rng.Chance(0.4) ? 0 : 0.25 * rng.NextDouble(),
        rng.Chance(0.3) ? 0 : 0.3 * rng.NextDouble(),
        rng.Chance(0.4) ? 0 : 0.2 * rng.NextDouble(),
        gentle ? rng.Seconds(0, 8) : rng.Seconds(0, 45));

    private static Fault DrawFault(Rng rng, bool local, bool gentle, int workers)
    {
        var at = rng.Seconds(0, rng.Chance(0.5) ? 20 : 70);
        var worker = rng.NextInt32(workers);
        TimeSpan? back = rng.Chance(0.8) ? rng.Seconds(0, rng.Chance(0.5) ? 3 : 60) : null;
        var word = rng.NextDouble();
        if (gentle)
        {
            return word switch
            {
                < 0.35 => new Fault.JournalStall(at, Interruption(rng)),
                < 0.7 => new Fault.CoordinatorPause(at, Interruption(rng)),
                < 0.8 => new Fault.ClockJump(at, rng.Seconds(-100, 100)),
                _ => new Fault.CoordinatorCrash(at, rng.Seconds(0, 20)),
            };
        }

        return word switch
        {
            < 0.1 => new Fault.JournalStall(at, Interruption(rng)),
            < 0.2 => new Fault.CoordinatorPause(at, Interruption(rng)),
            < 0.45 => new Fault.CoordinatorCrash(at, rng.Seconds(0, 20)),
            < 0.52 => new Fault.LostTail(at, rng.Seconds(0, 20), rng.Between(1, 4)),
            < 0.55 => new Fault.ClockJump(at, rng.Seconds(-100, 100)),
            _ when local => new Fault.LocalDrain(at, rng.Seconds(0, 20)),
            < 0.7 => new Fault.WorkerCrash(at, worker, back),
            < 0.8 => new Fault.WorkerDrain(at, worker, back),
            _ => new Fault.Partition(at, worker, rng.Seconds(1, 90), rng.Chance(0.5)),
        };
    }

    private static TimeSpan Interruption(Rng rng) => rng.Chance(0.6) ? rng.Seconds(40, 60) : rng.Seconds(1, 40);

    private static List<UserStep> DrawUser(Rng rng)
    {
        var steps = new List<UserStep>();
        if (rng.Chance(0.3))
        {
            steps.Add(new UserStep(UserMoment.Later, rng.Seconds(0, 20), UserDeed.Pause, 0));
            steps.Add(new UserStep(UserMoment.Later, rng.Seconds(0, 40), UserDeed.Resume, 0));
        }

        if (rng.Chance(0.25))
        {
            steps.Add(new UserStep(UserMoment.Later, rng.Seconds(0, 20), UserDeed.Shorten, rng.Between(1, 10)));
        }

        if (rng.Chance(0.15))
        {
            steps.Add(new UserStep(UserMoment.Later, rng.Seconds(0, 30), UserDeed.Stop, 0));
        }

        for (var i = rng.Between(0, 2); i > 0; i--)
        {
            steps.Add(new UserStep(
                rng.Chance(0.5) ? UserMoment.WhileFinishing : UserMoment.AfterTheEnd, rng.Milliseconds(0, 1500), UserDeed.Extend, rng.Between(1, 12)));
        }

        if (rng.Chance(0.3))
        {
            steps.Insert(rng.Pick(0, Math.Min(1, steps.Count)), new UserStep(UserMoment.Later, rng.Seconds(0, 20), UserDeed.Widen, rng.Between(1, 12)));
        }

        if (rng.Chance(0.3))
        {
            steps.Add(new UserStep(rng.Pick(UserMoment.Later, UserMoment.WhileFinishing, UserMoment.AfterTheEnd), rng.Seconds(0, 10), UserDeed.RetryFailed, 0));
        }

        if (rng.Chance(0.2))
        {
            steps.Add(new UserStep(rng.Pick(UserMoment.WhileFinishing, UserMoment.AfterTheEnd), rng.Milliseconds(0, 1500), UserDeed.Widen, rng.Between(1, 12)));
        }

        return steps;
    }
}
