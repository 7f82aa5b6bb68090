using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TestKit.Simulation;

/// <summary>Small studies of every shape.</summary>
internal static class StudyDraw
{
    /// <summary>Steps of a member of a population.</summary>
    public const int Epochs = 5;

    private static readonly Dictionary<string, ParameterValue> NoSettings = [];

    public static StudySpec Draw(Rng rng, long seed)
    {
        var grid = rng.Chance(0.4);
        var space = grid ? Grid(rng) : Continuous(rng);
        var enqueue = rng.Chance(0.25) ? Enumerable.Range(0, rng.Between(1, 3)).Select(_ => Wish(rng)).ToList() : [];
        var budget = Budget(rng, grid);
        var stopping = Stopping(rng);
        var promotes = stopping.Settings.TryGetValue("mode", out var mode) && mode.AsText() == "promote";
        return new StudySpec(
            "simulated",
            Data: null,
            new ObjectiveSpec(ObjectiveKind.Function, "value", rng.Pick(Direction.Minimize, Direction.Maximize), "branin"),
            NoSettings,
            space,
            enqueue,
            new StrategySpec(grid ? "grid" : "random", seed, NoSettings),
            budget,
            new LimitsSpec(null, null),
            new ParallelSpec(rng.Chance(0.6) ? null : rng.Between(1, 6), Threads: 1),
            new RetrySpec(rng.Between(1, 3)),
            new ReproducibleSpec(budget.Time is null && !promotes && rng.Chance(0.3) ? rng.Between(1, 8) : null))
        {
            Stopping = stopping,
            Reevaluate = rng.Chance(0.25) ? new ReevaluateSpec(rng.Between(1, 3), rng.Between(1, 3)) : null,
        };
    }

    /// <summary>The same study by a population of networks.</summary>
    public static StudySpec OfPopulation(Rng rng, StudySpec spec)
    {
        var members = rng.Between(2, 6);
        return spec with
        {
            Objective = spec.Objective with { Kind = ObjectiveKind.Network, Metric = "validation_loss", Function = null },
            Model = new Dictionary<string, ParameterValue> { ["epochs"] = ParameterValue.Int(Epochs) },
            Space = Continuous(rng),
            Enqueue = [.. spec.Enqueue.Take(members)],
            Strategy = new StrategySpec("pbt", spec.Strategy.Seed, new Dictionary<string, ParameterValue>
            {
                ["population"] = ParameterValue.Int(members),
                ["interval"] = ParameterValue.Int(rng.Between(1, 3)),
                ["quantile"] = ParameterValue.Float(rng.Pick(0.25, 0.5)),
                ["resample"] = ParameterValue.Float(0.25),
                ["perturb"] = ParameterValue.Float(1.2),
            }),
            Budget = rng.Chance(0.6) ? spec.Budget with { Trials = null } : spec.Budget,
            Reproducible = new ReproducibleSpec(null),
            Stopping = StoppingSpec.None,
            Reevaluate = null,
        };
    }

    /// <summary>Trials have up to three steps.</summary>
    private static StoppingSpec Stopping(Rng rng)
    {
        var name = rng.Pick("none", "none", "median", "asha", "asha", "hyperband");
        Dictionary<string, ParameterValue> settings = name switch
        {
            "median" => new() { ["startup"] = Int(rng.Between(0, 2)), ["warmup"] = Int(rng.Between(0, 1)), ["interval"] = Int(1), ["percentile"] = ParameterValue.Float(50), ["max"] = Int(4) },
            "asha" => new() { ["min"] = Int(1), ["factor"] = Int(2), ["max"] = Int(4), ["mode"] = ParameterValue.Text(rng.Pick("stop", "promote")) },
            "hyperband" => new() { ["min"] = Int(1), ["factor"] = Int(2), ["max"] = Int(4) },
            _ => [],
        };
        return name == "none" ? StoppingSpec.None : new StoppingSpec(name, settings);

        static ParameterValue Int(int value) => ParameterValue.Int(value);
    }

    private static SearchSpace Grid(Rng rng)
    {
        var kinds = Choices(rng.Between(1, 3));
        var parameters = new List<Parameter>
        {
            new FloatParameter("rate", 0.001, 1, Log: true, Step: null, Points: rng.Between(2, 3), []),
            new CategoricalParameter("kind", kinds, []),
            new IntParameter("width", 1, rng.Between(1, 4), Log: false, Step: 1, Points: null, []),
        };
        if (rng.Chance(0.4))
        {
            parameters.Add(new FloatParameter("momentum", 0, 0.9, Log: false, Step: 0.45, Points: null, [new Condition("kind", [kinds[0]])]));
        }

        return new SearchSpace(parameters);
    }

    private static SearchSpace Continuous(Rng rng)
    {
        var kinds = Choices(rng.Between(2, 3));
        return new SearchSpace(
        [
            new FloatParameter("rate", 0.001, 1, Log: true, Step: null, Points: null, []),
            new CategoricalParameter("kind", kinds, []),
            new IntParameter("width", 1, 8, Log: false, Step: 1, Points: null, []),
            new FloatParameter("momentum", 0, 0.9, Log: false, Step: null, Points: null, [new Condition("kind", [kinds[0]])]),
        ]);
    }

    /// <summary>The space with wider ranges, a further choice and, at every third, a further parameter.</summary>
    public static SearchSpace Wider(SearchSpace space, int amount)
    {
        List<Parameter> parameters = [.. space.Parameters.Select(p => p switch
        {
            IntParameter width => width with { Low = width.Low - (amount % 2), High = width.High + 1 },
            CategoricalParameter kind => kind with { Choices = [.. kind.Choices, ParameterValue.Text($"more{kind.Choices.Count}")] },
            FloatParameter { Step: null } rate => rate with { High = 10 * rate.High, Points = rate.Points + 1 },
            _ => p,
        })];
        if (amount % 3 == 0)
        {
            parameters.Add(new IntParameter($"depth{parameters.Count}", 1, 2, Log: false, Step: 1, Points: null, []) { Default = ParameterValue.Int(1) });
        }

        return new SearchSpace(parameters, space.Constraints);
    }

    private static List<ParameterValue> Choices(int count) => [.. new[] { "a", "bb", "ccc" }.Take(count).Select(ParameterValue.Text)];

    private static TrialParameters Wish(Rng rng) => rng.Chance(0.5)
        ? new TrialParameters([KeyValuePair.Create("width", ParameterValue.Int(1))])
        : new TrialParameters([KeyValuePair.Create("rate", ParameterValue.Float(1)), KeyValuePair.Create("kind", ParameterValue.Text("a"))]);

    private static BudgetSpec Budget(Rng rng, bool grid)
    {
        TimeSpan? time = rng.Chance(0.12) ? rng.Seconds(5, 60) : null;
        int? trials = (grid && rng.Chance(0.6)) || (time is not null && rng.Chance(0.5)) ? null : rng.Between(4, rng.Chance(0.3) ? 40 : 16);
        return new BudgetSpec(
            trials,
            time,
            rng.Chance(0.15) ? 1.5 * rng.NextNormal() : null,
            rng.Chance(0.15) ? rng.Between(3, 12) : null,
            rng.Chance(0.15) ? rng.Between(1, 4) : null);
    }
}
