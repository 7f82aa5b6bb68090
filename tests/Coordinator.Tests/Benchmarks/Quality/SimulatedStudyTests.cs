using TuningCluster.Benchmarks.Quality;
using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Benchmarks.Quality;

public sealed class SimulatedStudyTests
{
    private static readonly FunctionProblem Branin = new(KnownFunction.All[0], isMoved: true);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Asks_with_so_many_pending_and_tells_every_trial_once(int pending)
    {
        var searcher = new Recorder(Branin);
        var curve = SimulatedStudy.Run(searcher, Branin, seed: 3, trials: 40, pending);

        Assert.Equal(40, curve.Length);
        Assert.Equal(Enumerable.Range(0, 40), searcher.Told.Order());
        Assert.Equal([.. Enumerable.Range(0, pending - 1), .. Enumerable.Repeat(pending - 1, 41 - pending)], searcher.OpenWhenAsked);
        Assert.Equal(pending == 1, searcher.Told.SequenceEqual(Enumerable.Range(0, 40)));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("quasirandom{sequence: halton}")]
    [InlineData(PlainAnnealer.Name)]
    public void Is_the_same_again_and_never_gets_worse(string strategy)
    {
        var first = Run();

        Assert.Equal(first, Run());
        Assert.Equal(first.OrderDescending(), first);

        double[] Run() => SimulatedStudy.Run(OwnSearcher.Create(strategy, Branin.Space, Branin.Direction, 6, 60), Branin, 6, 60, pending: 3);
    }

    [Fact]
    public void A_trial_without_a_value_has_diverged()
    {
        var searcher = new Recorder(Branin);
        var curve = SimulatedStudy.Run(searcher, new Cliff(), seed: 0, trials: 6, pending: 1);

        Assert.Equal([TrialState.Diverged, TrialState.Diverged, TrialState.Complete, TrialState.Complete, TrialState.Complete, TrialState.Complete], searcher.States);
        Assert.Equal([double.NaN, double.NaN, 102, 102, 102, 102], curve);
    }

    [Fact]
    public void The_annealer_stays_in_its_space_and_walks_through_categories()
    {
        var space = new SearchSpace(
        [
            new CategoricalParameter("kind", [ParameterValue.Text("a"), ParameterValue.Text("b")], []),
            new IntParameter("width", 1, 9, false, 1, null, []),
            new FloatParameter("rate", 1e-4, 1, true, null, null, [new Condition("kind", [ParameterValue.Text("a")])]),
        ]);
        var searcher = OwnSearcher.Create(PlainAnnealer.Name, space, Direction.Minimize, 1, 200);
        var trials = new List<HistoryTrial>();
        for (var number = 0; number < 200; number++)
        {
            var parameters = searcher.Ask(new StudyHistory(number, Direction.Minimize, trials));
            Assert.True(space.Contains(parameters));
            trials.Add(new HistoryTrial(number, parameters, TrialState.Complete, 0.01 * number % 1, false));
        }

        Assert.Equal(2, trials.Select(t => t.Parameters["kind"]).Distinct().Count());
        Assert.True(trials.Select(t => t.Parameters["width"]).Distinct().Count() > 4);
    }

    /// <summary>Random draws; takes down what it is asked and told.</summary>
    private sealed class Recorder(Problem problem) : ISearcher
    {
        private readonly OwnSearcher _random = OwnSearcher.Create("random", problem.Space, problem.Direction, 0, 40);

        public List<int> Told { get; } = [];

        public List<TrialState> States { get; } = [];

        public List<int> OpenWhenAsked { get; } = [];

        public TrialParameters Ask(StudyHistory history)
        {
            Assert.Equal(Told, history.Finished);
            Assert.Equal(history.NextNumber, history.Finished.Count + history.Open.Count);
            OpenWhenAsked.Add(history.Open.Count);
            return _random.Ask(history);
        }

        public void Tell(HistoryTrial trial)
        {
            Told.Add(trial.Number);
            States.Add(trial.State);
        }
    }

    /// <summary>Reports its trial's number, the first two diverge, and is judged by a hundred more than it last reported.</summary>
    private sealed class Cliff() : Problem("cliff", Branin.Space, Direction.Minimize)
    {
        public override double? Best => null;

        public override bool IsNoisy => true;

        public override ProblemRun Begin(int seed) => new Run();

        private sealed class Run : ProblemRun
        {
            private int _last;

            public override double Observe(TrialParameters parameters, int number) => (_last = number) < 2 ? double.NaN : number;

            public override double Judge(TrialParameters parameters) => 100 + _last;
        }
    }
}
