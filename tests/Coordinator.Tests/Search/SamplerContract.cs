using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Search;

/// <summary>What every strategy must do.</summary>
public abstract class SamplerContract
{
    private const long Seed = 42;

    /// <summary>Every kind of parameter, with conditions two deep.</summary>
    protected static readonly SearchSpace Mixed = new(
    [
        new FloatParameter("momentum", 0, 0.9, false, 0.3, null, [new Condition("optimizer", [ParameterValue.Text("sgd"), ParameterValue.Text("momentum")])]),
        new FloatParameter("learning_rate", 1e-4, 1, true, null, 5, []),
        new FloatParameter("weight_decay", -1, 1, false, null, 3, []),
        new IntParameter("layers", 1, 9, false, 4, null, []),
        new IntParameter("width", 8, 256, true, 1, 4, []),
        new CategoricalParameter("optimizer", [ParameterValue.Text("sgd"), ParameterValue.Text("momentum"), ParameterValue.Text("adam")], []),
        new CategoricalParameter("nesterov", [ParameterValue.Bool(true), ParameterValue.Bool(false)], [new Condition("momentum", [ParameterValue.Float(0.3), ParameterValue.Float(0.6)])]),
        new CategoricalParameter("single", [ParameterValue.Int(7)], []),
    ]);

    protected abstract ISampler Create(SearchSpace space);

    /// <summary>Trials in which every branch of the conditions must come up.</summary>
    protected virtual int Patience => 2500;

    [Fact]
    public void Suggestions_lie_in_the_space_and_respect_steps_and_conditions()
    {
        var sampler = Create(Mixed);
        foreach (var parameters in Suggestions(sampler, Mixed, Math.Min(500, Patience)))
        {
            Assert.True(Mixed.Contains(parameters), parameters.ToString());
        }
    }

    [Fact]
    public void Every_branch_of_the_conditions_is_reached()
    {
        var found = Suggestions(Create(Mixed), Mixed, Patience).Select(p => string.Join(' ', p.Keys.Where(k => k is "momentum" or "nesterov"))).Distinct().Order();

        Assert.Equal(["", "momentum", "momentum nesterov"], found);
    }

    [Fact]
    public void Same_seed_and_history_give_the_same_suggestion()
    {
        Assert.Equal(Suggestions(Create(Mixed), Mixed, 50), Suggestions(Create(Mixed), Mixed, 50));

        // In another order, on one sampler: nothing is kept between calls.
        var sampler = Create(Mixed);
        var history = History(Suggestions(sampler, Mixed, 30));
        var late = Suggest(sampler, Mixed, history);
        Suggest(sampler, Mixed, History([]));
        Assert.Equal(late, Suggest(sampler, Mixed, history));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    public void Copes_with_any_number_of_trials(int count)
    {
        var space = new SearchSpace([new IntParameter("x", 0, 1_000_000, false, 1, null, [])]);
        var trials = Enumerable.Range(0, count).Select(_ => Set(("x", ParameterValue.Int(5)))).ToList();

        Assert.True(space.Contains(Suggest(Create(space), space, History(trials))!));
    }

    [Theory]
    [InlineData(TrialState.Waiting)]
    [InlineData(TrialState.Running)]
    [InlineData(TrialState.Paused)]
    [InlineData(TrialState.Failed)]
    [InlineData(TrialState.Diverged)]
    [InlineData(TrialState.Cancelled)]
    [InlineData(TrialState.Complete)]
    public void Copes_with_trials_that_all_stand_alike(TrialState state)
    {
        var sampler = Create(Mixed);
        var history = History(Suggestions(sampler, Mixed, 40), state, value: state == TrialState.Complete ? 1 : null);

        Assert.True(Mixed.Contains(Suggest(sampler, Mixed, history)!));
    }

    [Fact]
    public void Copes_with_a_hundred_parameters()
    {
        var space = new SearchSpace([.. Enumerable.Range(0, 100).Select(i => (Parameter)new IntParameter($"x{i}", 0, 9, false, 1, null, []))]);
        var sampler = Create(space);

        foreach (var parameters in Suggestions(sampler, space, 20))
        {
            Assert.True(space.Contains(parameters));
        }
    }

    [Fact]
    public void Copes_with_a_single_category()
    {
        var space = new SearchSpace([new CategoricalParameter("only", [ParameterValue.Text("a")], [])]);

        Assert.Equal("only=a", Suggest(Create(space), space, History([]))!.ToString());
    }

    [Theory]
    [InlineData(Direction.Minimize)]
    [InlineData(Direction.Maximize)]
    public void A_sampler_that_saw_the_study_grow_suggests_what_a_fresh_one_does(Direction direction)
    {
        var kept = Create(Mixed);
        var lineage = new object();
        var study = new GrowingStudy(Mixed, direction);
        for (var i = 0; i < 60 && Suggest(kept, Mixed, study.History with { Lineage = lineage }) is { } suggested; i++)
        {
            Assert.Equal(Suggest(Create(Mixed), Mixed, study.History), suggested);
            study.Add(suggested);
        }
    }

    [Theory]
    [InlineData(Direction.Minimize)]
    [InlineData(Direction.Maximize)]
    public void A_wider_space_goes_on_with_all_trials_the_same_warm_as_cold(Direction direction)
    {
        var narrow = new SearchSpace(
        [
            new FloatParameter("learning_rate", 1e-3, 0.1, true, null, 3, []),
            new FloatParameter("dropout", 0.2, 0.5, false, 0.1, null, []),
            new IntParameter("layers", 1, 3, false, 1, null, []),
            new CategoricalParameter("optimizer", [ParameterValue.Text("sgd"), ParameterValue.Text("adam")], []),
        ]);
        var wide = new SearchSpace(
        [
            new FloatParameter("learning_rate", 1e-4, 1, true, null, 5, []),
            new FloatParameter("dropout", 0, 0.7, false, 0.1, null, []),
            new IntParameter("layers", 1, 4, false, 1, null, []),
            new CategoricalParameter("optimizer", [ParameterValue.Text("sgd"), ParameterValue.Text("adam"), ParameterValue.Text("lion")], []),
            new IntParameter("width", 32, 128, false, 32, null, []) { Default = ParameterValue.Int(64) },
            new FloatParameter("momentum", 0, 0.9, false, 0.3, null, [new Condition("optimizer", [ParameterValue.Text("sgd")])]) { Default = ParameterValue.Float(0) },
        ]);
        var kept = Create(narrow);
        var lineage = new object();
        var study = new GrowingStudy(narrow, direction);
        for (var i = 0; i < 25; i++)
        {
            study.Add(Suggest(kept, narrow, study.History with { Lineage = lineage })!);
        }

        study.Widen(wide);
        lineage = new object();
        for (var i = 0; i < 25; i++)
        {
            var suggested = Suggest(kept, wide, study.History with { Lineage = lineage })!;
            Assert.Equal(Suggest(Create(wide), wide, study.History), suggested);
            Assert.True(wide.Contains(suggested), suggested.ToString());
            study.Add(suggested);
        }
    }

    [Theory]
    [InlineData(Direction.Minimize)]
    [InlineData(Direction.Maximize)]
    public void Trials_from_before_the_study_are_no_trials_of_it_and_leave_warm_as_cold(Direction direction)
    {
        var before = new GrowingStudy(Mixed, direction);
        foreach (var parameters in Suggestions(Create(Mixed), Mixed, 40))
        {
            before.Add(parameters);
        }

        var known = before.History.Trials.Where(t => t.State is TrialState.Complete or TrialState.Diverged).ToList();
        HistoryTrial[] prior = [.. known.Select((t, i) => t with { Number = i - known.Count })];
        var kept = Create(Mixed);
        var lineage = new object();
        var study = new GrowingStudy(Mixed, direction);
        for (var i = 0; i < 30 && Suggest(kept, Mixed, study.History with { Lineage = lineage, Prior = prior }) is { } suggested; i++)
        {
            Assert.Equal(Suggest(Create(Mixed), Mixed, study.History with { Prior = prior }), suggested);
            study.Add(suggested);
        }
    }

    [Fact]
    public void Copes_with_many_pending_trials()
    {
        var sampler = Create(Mixed);
        var done = Suggestions(sampler, Mixed, 20);
        var trials = done.Select((p, i) => new HistoryTrial(i, p, TrialState.Complete, i % 7, false)).ToList();
        for (var i = 0; i < 64 && Suggest(sampler, Mixed, new StudyHistory(trials.Count, Direction.Minimize, trials)) is { } parameters; i++)
        {
            Assert.True(Mixed.Contains(parameters));
            trials.Add(new HistoryTrial(trials.Count, parameters, TrialState.Running, null, false));
        }
    }

    [Fact]
    public void Constraints_hold_for_every_suggestion()
    {
        var space = new SearchSpace(
            [new IntParameter("width", 1, 64, false, 1, null, []), new IntParameter("layers", 1, 8, false, 1, null, [])],
            [Constraint.Parse("width * layers <= 96"), Constraint.Parse("width >= 12 or layers == 7")]);
        var sampler = Create(space);
        var suggestions = Suggestions(sampler, space, 100);

        Assert.Equal(100, suggestions.Count);
        foreach (var parameters in suggestions)
        {
            Assert.True(space.Allows(parameters), parameters.ToString());
        }
    }

    [Fact]
    public void Enqueued_trials_outside_the_space_disturb_nothing()
    {
        var sampler = Create(Mixed);
        var strange = Set(("learning_rate", ParameterValue.Float(17)));
        var history = new StudyHistory(1, Direction.Minimize, [new HistoryTrial(0, strange, TrialState.Complete, 1, true)]);

        Assert.True(Mixed.Contains(Suggest(sampler, Mixed, history)!));
    }

    protected static TrialParameters Set(params (string Name, ParameterValue Value)[] values) => new(values.Select(v => KeyValuePair.Create(v.Name, v.Value)));

    protected static TrialParameters? Suggest(ISampler sampler, SearchSpace space, StudyHistory history) =>
        sampler.Suggest(space, history, Rng.For(Seed, history.NextNumber, "suggest"));

    /// <summary>A study of so many trials, or fewer when the strategy is exhausted.</summary>
    protected static List<TrialParameters> Suggestions(ISampler sampler, SearchSpace space, int count)
    {
        var trials = new List<HistoryTrial>();
        var lineage = new object();
        while (trials.Count < count && Suggest(sampler, space, new StudyHistory(trials.Count, Direction.Minimize, trials) { Lineage = lineage }) is { } parameters)
        {
            trials.Add(new HistoryTrial(trials.Count, parameters, TrialState.Complete, trials.Count % 7, false));
        }

        return [.. trials.Select(t => t.Parameters)];
    }

    protected static StudyHistory History(IEnumerable<TrialParameters> parameters, TrialState state = TrialState.Complete, double? value = 0, bool enqueued = false)
    {
        var trials = parameters.Select((p, i) => new HistoryTrial(i, p, state, value, enqueued)).ToList();
        return new StudyHistory(trials.Count, Direction.Minimize, trials);
    }

    /// <summary>A study four trials at a time, in which trials end out of order and in every way.</summary>
    private sealed class GrowingStudy(SearchSpace space, Direction direction)
    {
        private readonly List<HistoryTrial> _trials = [];
        private readonly List<int> _finished = [];
        private readonly Rng _rng = Rng.For(Seed, -1, "ends");
        private SearchSpace _space = space;
        private int _older;

        public StudyHistory History => new(_trials.Count + _finished.Count, direction, [.. _trials])
        {
            Finished = [.. _finished],
            Open = [.. _trials.Where(t => !t.State.IsFinal()).Select(t => t.Number)],
            Budget = 60,
            Older = _older,
        };

        public void Widen(SearchSpace wider) => (_space, _older) = (wider, _trials.Count);

        public void Add(TrialParameters parameters)
        {
            Assert.True(_space.Contains(parameters));
            _trials.Add(new HistoryTrial(_trials.Count, parameters, TrialState.Running, null, false));
            var open = _trials.Where(t => t.State == TrialState.Running).ToList();
            if (open.Count < 4)
            {
                return;
            }

            var ended = open[_rng.NextInt32(open.Count)];
            var value = 10 * _rng.NextDouble();
            _trials[ended.Number] = _rng.NextInt32(10) switch
            {
                0 => ended with { State = TrialState.Failed },
                1 => ended with { State = TrialState.Diverged },
                2 => ended with { State = TrialState.Cancelled },
                3 => ended with { State = TrialState.Pruned, Curve = [new IntermediateValue(1, value)] },
                _ => ended with { State = TrialState.Complete, Value = value },
            };
            _finished.Add(ended.Number);
        }
    }
}
