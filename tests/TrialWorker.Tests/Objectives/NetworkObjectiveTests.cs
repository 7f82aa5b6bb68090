using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Objectives;
using TuningCluster.TrialWorker.Tests.Training;

namespace TuningCluster.TrialWorker.Tests.Objectives;

public class NetworkObjectiveTests
{
    private readonly MemoryBlobStore _blobs = new();
    private readonly MemoryCheckpointStore _checkpoints = new();
    private int _loads;

    [Theory]
    [InlineData(Direction.Minimize, null, true)]
    [InlineData(Direction.Minimize, 1000.0, true)]
    [InlineData(Direction.Minimize, 0.0, false)]
    [InlineData(Direction.Maximize, 0.0, true)]
    [InlineData(Direction.Maximize, 1000.0, false)]
    public void Keeps_weights_only_when_the_value_beats_the_incumbent(Direction direction, double? incumbent, bool keeps)
    {
        var objective = Factory(Samples.Clouds()).Create("study-1", Spec(direction));
        var completed = Assert.IsType<TrialOutcome.Completed>(objective.Run(Job(incumbent), _ => { }, CancellationToken.None));
        Assert.Equal(keeps, completed.Model is not null);
        Assert.Equal(keeps ? [completed.Model!] : Array.Empty<string>(), _blobs.OwnedBy("study-1"));
        if (keeps)
        {
            Assert.Equal("2-64-64-3 relu", WeightsFormat.Read(_blobs.Get(completed.Model!))[0].Architecture.ToString());
        }
    }

    [Fact]
    public void Loads_data_once_though_many_ask_at_the_same_time()
    {
        var factory = Factory(Samples.Clouds());
        var spec = Spec();
        var objectives = new IObjective[8];
        Parallel.For(0, objectives.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => objectives[i] = factory.Create($"study-{i}", spec));
        Assert.Equal(1, _loads);
        factory.Create("other", spec with { Data = spec.Data! with { Scale = ScaleMethod.None } });
        Assert.Equal(2, _loads);
    }

    [Fact]
    public void Asks_again_for_data_that_was_missing()
    {
        var factory = Factory(Samples.Clouds());
        var bytes = new byte[] { 9, 9 };
        var spec = Spec() with { Data = Data() with { Sha256 = new MemoryBlobStore().Put("x", bytes) } };
        Assert.Throws<BlobMissingException>(() => factory.Create("s", spec));
        _blobs.Put("s", bytes);
        factory.Create("s", spec);
        Assert.Equal(1, _loads);
    }

    [Fact]
    public void Makes_the_function_a_study_names()
    {
        var spec = Spec() with { Data = null, Objective = new ObjectiveSpec(ObjectiveKind.Function, "value", Direction.Minimize, "sphere") };
        Assert.IsType<FunctionObjective>(Factory(Samples.Clouds()).Create("s", spec));
    }

    [Fact]
    public void The_runner_scores_a_kept_model_on_the_test_part()
    {
        var completed = Train(Samples.Clouds());
        var metrics = Runner(Samples.Clouds()).ScoreTest(Spec(), TrialParameters.Empty, completed.Model!);
        Assert.Equal(["test_accuracy", "test_auc", "test_balanced_accuracy", "test_f1", "test_loss"], metrics.Keys.Order());
        Assert.InRange(metrics["test_accuracy"], 0.95, 1);
    }

    [Fact]
    public void The_runner_tells_errors_of_regression_in_the_targets_own_units()
    {
        var completed = Train(Samples.Plane());
        var metrics = Runner(Samples.Plane()).ScoreTest(Spec(), TrialParameters.Empty, completed.Model!);
        Assert.Equal(["test_loss", "test_mae", "test_r2", "test_rmse"], metrics.Keys.Order());
        Assert.Equal(metrics["test_loss"], Math.Pow(metrics["test_rmse"], 2), 1e-4);
    }

    [Fact]
    public void The_runner_has_nothing_to_say_without_a_test_part() =>
        Assert.Empty(Runner(Samples.Clouds(test: 0)).ScoreTest(Spec(), TrialParameters.Empty, "unused"));

    [Fact]
    public void The_runner_refuses_a_model_of_another_shape()
    {
        var model = _blobs.Put("s", WeightsFormat.Write([new Network(new Architecture(9, [], 3, ActivationKind.Relu))]));
        Assert.Throws<InvalidDataException>(() => Runner(Samples.Clouds()).ScoreTest(Spec(), TrialParameters.Empty, model));
    }

    [Fact]
    public void Goes_on_bit_for_bit_where_an_attempt_was_stopped()
    {
        var spec = Spec() with { Model = new Dictionary<string, ParameterValue> { ["epochs"] = ParameterValue.Int(400), ["dropout"] = ParameterValue.Float(0.2) } };
        var expected = Assert.IsType<TrialOutcome.Completed>(Factory(Samples.Clouds()).Create("s", spec).Run(Job(null), _ => { }, CancellationToken.None));
        using var stop = new CancellationTokenSource();
        var clock = new SteppingClock(TimeSpan.FromSeconds(1));
        Assert.Throws<OperationCanceledException>(() => new ObjectiveFactory(_blobs, _checkpoints, Loader(Samples.Clouds()), clock).Create("s", spec).Run(
            Job(null),
            value =>
            {
                if (value.Step == 123)
                {
                    stop.Cancel();
                }
            },
            stop.Token));
        var reported = new List<IntermediateValue>();
        var resumed = Assert.IsType<TrialOutcome.Completed>(Factory(Samples.Clouds()).Create("s", spec).Run(Job(null), reported.Add, CancellationToken.None));
        Assert.Equal(124, reported[0].Step);
        Assert.Equal(expected.Curve, resumed.Curve);
        Assert.Equal(expected.Model, resumed.Model);
        Factory(Samples.Clouds()).Discard("s", 0);
        Assert.Null(_checkpoints.Find("s", 0));
    }

    [Fact]
    public void Begins_again_when_the_checkpoint_is_of_another_trial()
    {
        _checkpoints.Keep("s", 0, "TCCHECK2 nonsense"u8.ToArray());
        var completed = Train(Samples.Clouds());
        Assert.Equal(20, completed.Curve.Count);
        Assert.Null(_checkpoints.Find("s", 0));
    }

    [Fact]
    public void Goes_on_from_what_its_parent_left_until_that_is_swept()
    {
        var factory = Factory(Samples.Clouds());
        Assert.Equal([1, 2, 3], Segment(0, new TrialSegment(0, null, 0, 3)).Curve.Select(v => v.Step));
        Assert.Equal([4, 5], Segment(4, new TrialSegment(2, 0, 3, 5)).Curve.Select(v => v.Step));
        factory.Sweep("s", 4);
        Assert.Equal([6], Segment(5, new TrialSegment(1, 4, 5, 6)).Curve.Select(v => v.Step));

        var failed = Assert.IsType<TrialOutcome.Failed>(Run(6, new TrialSegment(0, 0, 3, 5)));
        Assert.Equal(FailureReason.TrainingError, failed.Reason);
        Assert.Equal("The checkpoint of trial 0, from which this trial goes on, is neither on this worker's machine nor with the coordinator.", failed.Message);

        TrialOutcome Segment(int number, TrialSegment segment) => Assert.IsType<TrialOutcome.Completed>(Run(number, segment));

        TrialOutcome Run(int number, TrialSegment segment) => factory.Create("s", Spec()).Run(
            new TrialJob("s", number, 7, TrialParameters.Empty, null, Segment: segment), _ => { }, CancellationToken.None);
    }

    private TrialOutcome.Completed Train(DataSet data) =>
        Assert.IsType<TrialOutcome.Completed>(Factory(data).Create("s", Spec()).Run(Job(null), _ => { }, CancellationToken.None));

    private ObjectiveFactory Factory(DataSet data) => new(_blobs, _checkpoints, Loader(data), TimeProvider.System);

    private ModelRunner Runner(DataSet data) => new(_blobs, Loader(data));

    private Func<DataSpec, byte[], StudyData> Loader(DataSet data) => (_, _) =>
    {
        Interlocked.Increment(ref _loads);
        return new StudyData([data]);
    };

    private StudySpec Spec(Direction direction = Direction.Minimize) => Samples.Spec(direction: direction, data: Data());

    private DataSpec Data() => new("clouds.csv", _blobs.Put("data", [1, 2, 3]), ["class"], null, new SplitSpec(0.2, 0.2, 1, true), ScaleMethod.Standard);

    private static TrialJob Job(double? incumbent) => new("study-1", 0, 7, TrialParameters.Empty, incumbent);
}
