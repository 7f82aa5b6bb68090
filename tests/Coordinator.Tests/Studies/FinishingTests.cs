using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

public sealed class FinishingTests
{
    private readonly StudyBench _bench = new(Specs.Random(9));
    private readonly List<string> _notes = [];
    private readonly Releases _blobs = new();

    public FinishingTests()
    {
        _bench.Join("a", 3);
        _bench.Suggest(3);
    }

    [Fact]
    public void The_best_trials_weights_meet_the_test_part_once()
    {
        End(0, 2, "aa");
        End(1, 1, "bb");
        var runner = new Runner(() => new Dictionary<string, double> { ["test_loss"] = 1.25 });

        var finish = Finishing.Finish(_bench.State, runner, _blobs, _notes.Add);
        Assert.Equal(1.25, finish.TestMetrics["test_loss"]);
        Assert.Equal([(Specs.Point(1), "bb")], runner.Scored);
        Assert.Empty(_notes);
    }

    [Fact]
    public void Without_a_best_trial_or_its_weights_there_is_no_score()
    {
        var runner = new Runner(() => throw new InvalidOperationException("Not to be called."));
        Assert.Empty(Finishing.Finish(_bench.State, runner, _blobs, _notes.Add).TestMetrics);
        End(0, 2, model: null);
        Assert.Empty(Finishing.Finish(_bench.State, runner, _blobs, _notes.Add).TestMetrics);
    }

    [Fact]
    public void A_score_that_cannot_be_had_is_noted_and_the_study_ends_all_the_same()
    {
        End(0, 2, "aa");
        var runner = new Runner(() => throw new BlobMissingException("aa", "is not there"));
        Assert.Empty(Finishing.Finish(_bench.State, runner, _blobs, _notes.Add).TestMetrics);
        Assert.Contains("is not there", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bug_while_scoring_is_not_swallowed()
    {
        End(0, 2, "aa");
        Assert.Throws<InvalidOperationException>(() => Finishing.Finish(_bench.State, new Runner(() => throw new InvalidOperationException()), _blobs, _notes.Add));
    }

    [Fact]
    public void Every_weight_but_the_best_is_let_go_and_equal_weights_are_kept()
    {
        End(0, 1, "aa");
        End(1, 2, "bb");
        End(2, 3, "aa");
        Finishing.Finish(_bench.State, NoScore, _blobs, _notes.Add);
        Assert.Equal([(StudyBench.Id, "bb")], _blobs.Released);
    }

    [Fact]
    public void Checkpoints_of_ended_trials_are_let_go_and_what_others_begin_from_stays()
    {
        End(0, 1, "aa");
        _blobs.Holders.AddRange([$"{StudyBench.Id}.0.checkpoint", $"{StudyBench.Id}.0.left", $"{StudyBench.Id}.7.checkpoint", "other.1.x.0.checkpoint", StudyBench.Id]);
        Finishing.Finish(_bench.State, NoScore, _blobs, _notes.Add);
        Assert.Equal([($"{StudyBench.Id}.0.checkpoint", $"{StudyBench.Id}.0.checkpoint")], _blobs.Released);
    }

    [Fact]
    public void With_several_objectives_the_weights_of_the_whole_front_are_kept()
    {
        var bench = new StudyBench(Specs.Random() with { FurtherObjectives = [new ObjectiveSpec(ObjectiveKind.Function, "f2", Direction.Minimize, "branin")] });
        bench.Join("a", 3);
        bench.Suggest(3);
        foreach (var (number, f2) in new[] { 3.0, 2, 4 }.Index())
        {
            bench.End(number, new TrialOutcome.Completed(number, $"{number}") { Metrics = new Dictionary<string, double> { ["f2"] = f2 } });
        }

        Finishing.Finish(bench.State, NoScore, _blobs, _notes.Add);
        Assert.Equal([(StudyBench.Id, "2")], _blobs.Released);
    }

    [Fact]
    public void Weights_that_cannot_be_deleted_are_noted_and_the_study_ends_all_the_same()
    {
        End(0, 1, "aa");
        End(1, 2, "bb");
        _blobs.Failure = new UnauthorizedAccessException("read-only");
        Assert.Empty(Finishing.Finish(_bench.State, NoScore, _blobs, _notes.Add).TestMetrics);
        Assert.Contains("read-only", Assert.Single(_notes), StringComparison.Ordinal);
    }

    private static Runner NoScore => new(() => new Dictionary<string, double>());

    private void End(int number, double value, string? model) => _bench.End(number, new TrialOutcome.Completed(value, model));

    private sealed class Runner(Func<IReadOnlyDictionary<string, double>> score) : IModelRunner
    {
        public List<(TrialParameters, string)> Scored { get; } = [];

        public IReadOnlyDictionary<string, double> ScoreTest(StudySpec spec, TrialParameters parameters, string model)
        {
            Scored.Add((parameters, model));
            return score();
        }
    }

    private sealed class Releases : IBlobStore
    {
        public List<(string, string)> Released { get; } = [];

        public Exception? Failure { get; set; }

        public void Release(string owner, string sha256)
        {
            if (Failure is { } failure)
            {
                throw failure;
            }

            Released.Add((owner, sha256));
        }

        public string Put(string owner, ReadOnlySpan<byte> content) => throw new NotSupportedException();

        public byte[] Get(string sha256) => throw new NotSupportedException();

        public bool Contains(string sha256) => throw new NotSupportedException();

        /// <summary>Each holds one blob, of its own name.</summary>
        public List<string> Holders { get; } = [];

        public IReadOnlyList<string> OwnedBy(string owner) => [owner];

        public IReadOnlyList<string> Owners() => Holders;
    }
}
