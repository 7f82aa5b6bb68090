using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Pruning;

/// <summary>What every rule that ends trials early must do. Trials have <see cref="Steps"/> steps.</summary>
public abstract class PrunerContract
{
    protected const int Steps = 27;

    /// <summary>A new one; nothing is shared between two.</summary>
    protected abstract IPruner Create();

    [Fact]
    public void Every_judgement_is_at_a_later_step()
    {
        var pruner = Create();
        for (var number = 0; number < 50; number++)
        {
            var step = 0;
            while (pruner.NextStep(number, step) is { } next && next <= Steps)
            {
                Assert.True(next > step);
                step = next;
            }
        }
    }

    [Theory]
    [InlineData(Direction.Minimize)]
    [InlineData(Direction.Maximize)]
    public void One_that_saw_the_study_grow_judges_as_a_fresh_one_does(Direction direction)
    {
        var kept = Create();
        var lineage = new object();
        var study = new SteppingStudy(direction);
        var judgements = 0;
        while (study.Advance(kept) is { } number)
        {
            var history = study.History;
            Assert.Equal(Create().Stops(history, number), kept.Stops(history with { Lineage = lineage }, number));
            study.Judge(number, kept.Stops(history with { Lineage = lineage }, number));
            Assert.Equal(Create().GoOn(study.History), kept.GoOn(study.History with { Lineage = lineage }));
            judgements++;
        }

        Assert.InRange(judgements, 10, 100_000);
    }

    [Fact]
    public void The_direction_changes_nothing_but_the_sign()
    {
        var pruner = Create();
        var study = new SteppingStudy(Direction.Minimize);
        while (study.Advance(pruner) is { } number)
        {
            var history = study.History;
            var stops = Create().Stops(history, number);
            // A threshold is a value, not a rank.
            Assert.True(pruner is ThresholdPruner || stops == Create().Stops(Curves.Maximized(history), number));
            study.Judge(number, stops);
        }
    }

    [Fact]
    public void Only_paused_trials_go_on_and_all_of_them_where_none_may_wait()
    {
        var pruner = Create();
        var history = Curves.History(
            Curves.Complete(0, [.. Enumerable.Repeat(1.0, Steps)]), Curves.Paused(1, 1, 1, 1), Curves.Trial(2, TrialState.Running, 1, 1, 1), Curves.Paused(3, 2, 2, 2), Curves.Trial(4, TrialState.Waiting));
        var goOn = Create().GoOn(history);

        Assert.True(pruner.LetsWait ? goOn.All(n => n is 1 or 3) : goOn.SequenceEqual([1, 3]));
    }

    [Theory]
    [InlineData(TrialState.Failed)]
    [InlineData(TrialState.Diverged)]
    [InlineData(TrialState.Cancelled)]
    [InlineData(TrialState.Complete)]
    [InlineData(TrialState.Pruned)]
    public void Copes_with_ten_thousand_trials_that_all_stand_alike(TrialState state)
    {
        var pruner = Create();
        var step = pruner.NextStep(10_000, 0)!.Value;
        var curve = Enumerable.Repeat(0.5, step).ToArray();
        var history = Curves.History([.. Enumerable.Range(0, 10_000).Select(n => Curves.Trial(n, state, curve)), Curves.Paused(10_000, curve)]);
        var stops = pruner.Stops(history, 10_000);

        Assert.Equal(stops, pruner.Stops(history, 10_000));
        Assert.Equal(stops, Create().Stops(history, 10_000));
    }

    [Fact]
    public void Nobody_is_stopped_for_being_alone()
    {
        var pruner = Create();
        var step = pruner.NextStep(0, 0)!.Value;
        // Ever better, and within every limit.
        var history = Curves.History(Curves.Paused(0, [.. Enumerable.Range(0, step).Select(i => 0.5 - (0.01 * i))]));

        Assert.False(pruner.Stops(history, 0));
    }

    /// <summary>Four trials at a time, whose curves fall towards a level of their own; some fail, diverge or are cancelled.</summary>
    private sealed class SteppingStudy(Direction direction)
    {
        private const int Most = 60;

        private readonly Rng _rng = Rng.For(11, -1, "curves");
        private readonly List<HistoryTrial> _trials = [];
        private readonly List<int> _finished = [];
        private readonly Dictionary<int, int> _running = [];

        public StudyHistory History => new(0, direction, [.. _trials])
        {
            Finished = [.. _finished],
            Open = [.. _trials.Where(t => !t.State.IsFinal()).Select(t => t.Number)],
        };

        /// <summary>Until a trial is paused; null when nothing moves any more.</summary>
        public int? Advance(IPruner pruner)
        {
            while (true)
            {
                foreach (var number in pruner.GoOn(History).Take(4 - _running.Count))
                {
                    _trials[number] = _trials[number] with { State = TrialState.Running };
                    _running.Add(number, _trials[number].Curve.Count);
                }

                for (; _running.Count < 4 && _trials.Count < Most; _running.Add(_trials.Count - 1, 0))
                {
                    _trials.Add(Curves.Trial(_trials.Count, TrialState.Running));
                }

                if (_running.Count == 0)
                {
                    return null;
                }

                var chosen = _running.Keys.Order().ElementAt(_rng.NextInt32(_running.Count));
                _running.Remove(chosen, out var at);
                if (pruner.NextStep(chosen, at) is not { } next || next >= Steps || _rng.NextDouble() < 0.05)
                {
                    End(chosen);
                    continue;
                }

                _trials[chosen] = _trials[chosen] with { State = TrialState.Paused, Curve = Curve(chosen, next) };
                return chosen;
            }
        }

        public void Judge(int number, bool stops)
        {
            if (stops)
            {
                _trials[number] = _trials[number] with { State = TrialState.Pruned };
                _finished.Add(number);
            }
        }

        private void End(int number)
        {
            _trials[number] = _rng.NextInt32(8) switch
            {
                0 => _trials[number] with { State = TrialState.Failed },
                1 => _trials[number] with { State = TrialState.Cancelled },
                2 => _trials[number] with { State = TrialState.Diverged, Curve = Curve(number, 2) },
                _ => _trials[number] with { State = TrialState.Complete, Curve = Curve(number, Steps), Value = Curve(number, Steps)[^1].Value },
            };
            _finished.Add(number);
        }

        private IntermediateValue[] Curve(int number, int steps)
        {
            var level = Rng.For(7, number, "level").NextDouble();
            return [.. Enumerable.Range(1, steps).Select(step => new IntermediateValue(step, (direction == Direction.Minimize ? 1 : -1) * (level + (1.0 / step))))];
        }
    }
}
