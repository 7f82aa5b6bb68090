using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Tests.Training;

/// <summary>Trainings of some of the epochs, each from what another left.</summary>
public class SegmentTests
{
    private const int Epochs = 6;

    private readonly Dictionary<int, byte[]> _left = [];

    [Fact]
    public void Trains_its_epochs_and_leaves_its_state_unless_they_are_the_last()
    {
        var parent = Segment(0, new TrialSegment(0, null, 0, 2), Settings("learning_rate=0.01"));
        Assert.Equal([1, 2], parent.Curve.Select(v => v.Step));
        Assert.Equal(parent.Curve[^1].Value, parent.Value);
        Assert.Equal(2, parent.Metrics[Metrics.Epochs]);
        Assert.Equal([0], _left.Keys);

        var last = Segment(1, new TrialSegment(0, 0, 2, Epochs), Settings("learning_rate=0.01"));
        Assert.Equal([3, 4, 5, 6], last.Curve.Select(v => v.Step));
        Assert.True(last.Value < parent.Value);
        Assert.Equal([0], _left.Keys);
    }

    [Theory]
    [InlineData("optimizer=sgd", "")]
    [InlineData("optimizer=adam", "beta1=0.5")]
    [InlineData("optimizer=momentum normalization=layer", "dropout=0.3 batch_size=16")]
    public void Begins_where_its_parent_ended(string network, string changed)
    {
        var parent = Segment(0, new TrialSegment(0, null, 0, 2), Settings($"learning_rate=0.01 {network}"));

        // A step of nothing: what is scored are the parent's weights.
        var child = Segment(1, new TrialSegment(3, 0, 2, 4), Settings($"learning_rate=1e-30 {network} {changed}".Trim()));
        Assert.Equal(parent.Value, child.Curve[0].Value);
    }

    [Theory]
    [InlineData("learning_rate=0.05 schedule=cosine optimizer=adam")]
    [InlineData("learning_rate=0.05 schedule=one_cycle optimizer=nadam")]
    [InlineData("learning_rate=0.02 schedule=exponential optimizer=rmsprop momentum=0.5")]
    [InlineData("learning_rate=0.2 schedule=reduce_on_plateau schedule_patience=0 optimizer=nesterov")]
    public void In_segments_a_training_is_what_it_is_in_one(string text)
    {
        // One mini-batch an epoch: the order of the rows, which is every trial's own, does not matter but for rounding.
        var settings = Settings($"{text} batch_size=300");
        var whole = Segment(9, new TrialSegment(0, null, 0, Epochs), settings);
        var trial = 9;
        var pieces = new List<IntermediateValue>();
        for (var start = 0; start < Epochs; start += 2)
        {
            pieces.AddRange(Segment(trial, new TrialSegment(0, start == 0 ? null : trial - 1, start, start + 2), settings).Curve);
            trial++;
        }

        Assert.Equal(whole.Curve.Select(v => v.Step), pieces.Select(v => v.Step));
        Assert.All(whole.Curve.Zip(pieces), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-4));
    }

    [Fact]
    public void The_schedule_goes_by_epochs_whatever_the_batch_size_was()
    {
        // After two epochs next to nothing is left of the rate.
        const string schedule = "learning_rate=0.05 schedule=step schedule_epochs=2 schedule_factor=1e-12";
        var parent = Segment(0, new TrialSegment(0, null, 0, 2), Settings($"{schedule} batch_size=300"));
        var child = Segment(1, new TrialSegment(0, 0, 2, 4), Settings($"{schedule} batch_size=5"));
        var grandchild = Segment(2, new TrialSegment(0, 1, 4, 6), Settings($"{schedule} batch_size=50"));
        Assert.Equal(parent.Value, child.Value, 1e-6);
        Assert.Equal(parent.Value, grandchild.Value, 1e-6);
    }

    [Theory]
    [InlineData("momentum=0", "momentum=0.9")]
    [InlineData("momentum=0.9", "momentum=0")]
    public void A_momentum_may_come_and_go(string before, string after)
    {
        Segment(0, new TrialSegment(0, null, 0, 2), Settings($"optimizer=sgd learning_rate=0.05 {before}"));
        var child = Segment(1, new TrialSegment(0, 0, 2, 4), Settings($"optimizer=sgd learning_rate=0.05 {after}"));
        Assert.Equal([3, 4], child.Curve.Select(v => v.Step));
    }

    [Fact]
    public void Interrupted_it_goes_on_bit_for_bit()
    {
        var settings = Settings("learning_rate=0.01 dropout=0.2 schedule=cosine batch_size=64");
        Segment(0, new TrialSegment(0, null, 0, 2), Settings("learning_rate=0.01 batch_size=32 schedule=cosine"));
        var segment = new TrialSegment(0, 0, 2, 5);
        var expected = Segment(1, segment, settings);
        byte[]? kept = null;
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Trainer(settings, "validation_loss", new SteppingClock(TimeSpan.FromSeconds(9))).Run(
            7,
            1,
            value =>
            {
                if (value.Step == 4)
                {
                    stop.Cancel();
                }
            },
            stop.Token,
            Plan(1, segment, null) with { Every = TimeSpan.FromSeconds(1), Keep = bytes => kept = bytes }));

        var resumed = Trainer(settings, "validation_loss").Run(7, 1, _ => { }, CancellationToken.None, Plan(1, segment, kept));
        Assert.Equal(expected.Curve, resumed.Outcome.Curve);
        Assert.Equal(WeightsFormat.Write(_networks), WeightsFormat.Write(resumed.Networks));

        // Of another segment under the same number it is not.
        Assert.Throws<InvalidDataException>(() => Trainer(settings, "validation_loss").Run(7, 1, _ => { }, CancellationToken.None, Plan(1, segment with { Parent = 5 }, kept)));
    }

    [Fact]
    public void Refuses_what_its_parent_did_not_leave()
    {
        var settings = Settings("learning_rate=0.01");
        Segment(0, new TrialSegment(0, null, 0, 2), settings);
        var child = new TrialSegment(0, 0, 2, 4);
        Refuses("What trial 5 left is not of this study", child with { Parent = 5 }, _left[0], settings);
        Refuses("What trial 0 left is its state before epoch 3, not after epoch 1", child with { Start = 1 }, _left[0], settings);
        Refuses("What trial 0 left is cut short", child, _left[0][..^1], settings);
        Refuses("What trial 0 left is not of this study, or its network is another", child, _left[0], Settings("learning_rate=0.01 width=9"));
        Refuses("What trial 0 left is not of this study, or its network is another", child, _left[0], Settings("learning_rate=0.01 optimizer=lion"));

        static void Refuses(string why, TrialSegment segment, byte[] parent, TrainingSettings settings)
        {
            var plan = new CheckpointPlan(null, TimeSpan.FromHours(1), _ => { }) { Segment = new SegmentPlan(segment, parent, _ => { }) };
            var refusal = Assert.Throws<ParentStateException>(() => Trainer(settings, "validation_loss").Run(7, 1, _ => { }, CancellationToken.None, plan));
            Assert.StartsWith(why, refusal.Message, StringComparison.Ordinal);
        }
    }

    private IReadOnlyList<Network> _networks = [];

    private TrialOutcome.Completed Segment(int number, TrialSegment segment, TrainingSettings settings, string metric = "validation_loss")
    {
        var result = Trainer(settings, metric).Run(7, number, _ => { }, CancellationToken.None, Plan(number, segment, null));
        _networks = result.Networks;
        return Assert.IsType<TrialOutcome.Completed>(result.Outcome);
    }

    private CheckpointPlan Plan(int number, TrialSegment segment, byte[]? resume) => new(resume, TimeSpan.FromHours(1), _ => { })
    {
        Segment = new SegmentPlan(segment, segment.Parent is { } parent && resume is null ? _left[parent] : null, bytes => _left[number] = bytes),
    };

    private static Trainer Trainer(TrainingSettings settings, string metric, TimeProvider? clock = null) =>
        new(Samples.Alone(Samples.Clouds()), settings, Samples.Objective(metric, repeats: 2), new LimitsSpec(TimeSpan.FromDays(1), null), clock ?? TimeProvider.System);

    private static TrainingSettings Settings(string text) => TrainingSettings.Resolve(
        Samples.Spec(),
        Samples.Parameters([.. $"{text} epochs={Epochs} layers=1".Split(' ').Select(pair => pair.Split('=')).Select(pair => (pair[0], Value(pair[0], pair[1])))]),
        LearningTask.Classification);

    private static ParameterValue Value(string name, string text) => ModelSettings.Find(name)!.Kind switch
    {
        ParameterValueKind.Int => ParameterValue.Int(long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
        ParameterValueKind.Float => ParameterValue.Float(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
        _ => ParameterValue.Text(text),
    };
}
