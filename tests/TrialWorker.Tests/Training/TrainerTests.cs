using TuningCluster.Shared.Models;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Tests.Training;

public class TrainerTests
{
    public static readonly TheoryData<string> Activations = new(ModelSettings.Find("activation")!.Choices);

    [Theory]
    [InlineData("cross_entropy", "adam", 0.01)]
    [InlineData("hinge", "momentum", 0.01)]
    [InlineData("mse", "adam", 0.01)]
    [InlineData("mae", "adam", 0.01)]
    [InlineData("cross_entropy", "sgd", 0.1)]
    [InlineData("huber", "rmsprop", 0.003)]
    [InlineData("log_cosh", "nadam", 0.01)]
    [InlineData("squared_hinge", "adamw", 0.01)]
    [InlineData("cross_entropy", "nesterov", 0.02)]
    [InlineData("cross_entropy", "lion", 0.003)]
    public void Learns_three_clouds_with_every_loss(string loss, string optimizer, double rate)
    {
        var result = Train(Samples.Clouds(), "validation_accuracy", Settings(
            LearningTask.Classification, ("loss", ParameterValue.Text(loss)), ("optimizer", ParameterValue.Text(optimizer)),
            ("learning_rate", ParameterValue.Float(rate)), ("width", ParameterValue.Int(16))));
        var completed = Assert.IsType<TrialOutcome.Completed>(result.Outcome);
        Assert.InRange(completed.Value, 0.97, 1);
        Assert.Equal(completed.Value, completed.Metrics[Metrics.Validation + Metrics.Accuracy]);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Learns_three_clouds_with_every_activation(string activation)
    {
        var result = Train(Samples.Clouds(), "validation_accuracy", Settings(
            LearningTask.Classification, ("activation", ParameterValue.Text(activation)), ("width", ParameterValue.Int(16))));
        Assert.InRange(Assert.IsType<TrialOutcome.Completed>(result.Outcome).Value, 0.97, 1);
    }

    [Fact]
    public void Learns_a_plane_and_tells_errors_in_the_targets_own_units()
    {
        var settings = Settings(LearningTask.Regression, ("layers", ParameterValue.Int(0)), ("learning_rate", ParameterValue.Float(0.003)), ("epochs", ParameterValue.Int(5)));
        var small = Assert.IsType<TrialOutcome.Completed>(Train(Samples.Plane(scale: 1), "validation_loss", settings).Outcome);
        Assert.Equal(small.Metrics[Metrics.ValidationLoss], Math.Pow(small.Metrics[Metrics.Validation + Metrics.Rmse], 2), 1e-4);

        var longer = settings with { Epochs = 200, Optimizer = settings.Optimizer with { LearningRate = 0.02 } };
        var scaled = Assert.IsType<TrialOutcome.Completed>(Train(Samples.Plane(scale: 4), "validation_mae", longer).Outcome);
        Assert.InRange(scaled.Value, 0, 0.01);

        // A network that stayed at zero would be off by the targets' deviation, √(3² + 2²), whatever they were divided by.
        var idle = settings with { Epochs = 1, Optimizer = settings.Optimizer with { LearningRate = 1e-12 } };
        var untrained = Train(Zeroed(Samples.Plane(scale: 4)), "validation_rmse", idle).Outcome;
        Assert.Equal(Math.Sqrt(13), Assert.IsType<TrialOutcome.Completed>(untrained).Value, 0.6);
    }

    [Fact]
    public void Gives_the_same_bits_twice_and_on_two_threads_at_once()
    {
        var settings = Settings(LearningTask.Classification, ("epochs", ParameterValue.Int(4)), ("layers", ParameterValue.Int(3)), ("width", ParameterValue.Int(37)));
        var data = Samples.Clouds();
        var expected = Train(data, "validation_loss", settings);
        var results = new TrainingResult[4];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => results[i] = Train(data, "validation_loss", settings));
        foreach (var result in results)
        {
            Assert.Equal(expected.Networks[0].Parameters.ToArray(), result.Networks[0].Parameters.ToArray());
            Assert.Equal(expected.Outcome.Curve, result.Outcome.Curve);
            Assert.Equal(Without(expected.Outcome, Metrics.Seconds), Without(result.Outcome, Metrics.Seconds));
        }

        var other = new Trainer(Samples.Alone(data), settings, Samples.Objective("validation_loss"), Samples.NoLimits, TimeProvider.System).Run(7, 4, _ => { }, CancellationToken.None);
        Assert.NotEqual(expected.Outcome.Curve, other.Outcome.Curve);
    }

    [Fact]
    public void Reports_the_objective_after_every_epoch()
    {
        var reported = new List<IntermediateValue>();
        var settings = Settings(LearningTask.Classification, ("epochs", ParameterValue.Int(6)));
        var outcome = new Trainer(Samples.Alone(Samples.Clouds()), settings, Samples.Objective("training_loss"), Samples.NoLimits, TimeProvider.System)
            .Run(7, 3, reported.Add, CancellationToken.None).Outcome;
        Assert.Equal([1, 2, 3, 4, 5, 6], reported.Select(r => r.Step));
        Assert.Equal(reported, outcome.Curve);
        var completed = Assert.IsType<TrialOutcome.Completed>(outcome);
        Assert.Equal(reported[^1].Value, completed.Value);
        Assert.Equal(completed.Value, completed.Metrics[Metrics.TrainingLoss]);
        Assert.Equal(6, completed.Metrics[Metrics.Epochs]);
    }

    [Fact]
    public void Names_every_metric_of_the_table_and_no_other()
    {
        foreach (var data in new[] { Samples.Clouds(), Samples.Plane() })
        {
            var outcome = Train(data, "validation_loss", Settings(data.Task, ("epochs", ParameterValue.Int(1)))).Outcome;
            var expected = Metrics.All.Where(m => (m.Task is null || m.Task == data.Task) && m.Name != Metrics.ObjectiveDeviation && !m.Name.StartsWith("test_", StringComparison.Ordinal));
            Assert.Equal(expected.Select(m => m.Name).Order(), outcome.Metrics.Keys.Order());
        }
    }

    [Fact]
    public void Diverges_in_the_first_epoch_at_an_absurd_learning_rate()
    {
        var settings = Settings(LearningTask.Regression, ("optimizer", ParameterValue.Text("sgd")), ("learning_rate", ParameterValue.Float(1e6)));
        var diverged = Assert.IsType<TrialOutcome.Diverged>(Train(Samples.Plane(rows: 2000), "validation_loss", settings).Outcome);
        Assert.Equal(1, diverged.Step);
        Assert.Contains("mini-batch", diverged.Message, StringComparison.Ordinal);
        Assert.Contains("1000000", diverged.Message, StringComparison.Ordinal);
        Assert.Empty(diverged.Curve);
    }

    [Fact]
    public void Diverges_when_only_the_validation_loss_is_not_finite()
    {
        var data = Samples.Plane();
        data.Validation.Features[4] = float.NaN;
        var diverged = Assert.IsType<TrialOutcome.Diverged>(Train(data, "validation_loss", Settings(LearningTask.Regression)).Outcome);
        Assert.Contains("validation loss became NaN", diverged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_best_weights_when_stopping_early()
    {
        // Labels without a meaning: the network learns the training part by heart and gets worse on the validation part.
        var data = Scrambled(Samples.Clouds(training: 60));
        var settings = Settings(
            LearningTask.Classification, ("epochs", ParameterValue.Int(300)), ("early_stopping", ParameterValue.Int(8)), ("learning_rate", ParameterValue.Float(0.03)));
        var result = Train(data, "validation_loss", settings);
        var completed = Assert.IsType<TrialOutcome.Completed>(result.Outcome);
        var best = completed.Curve.MinBy(c => c.Value);
        Assert.True(completed.Curve.Count < 300);
        Assert.Equal(best.Step + 8, completed.Curve.Count);
        Assert.Equal(best.Value, completed.Value);
        Assert.Equal(completed.Curve.Count, completed.Metrics[Metrics.Epochs]);
        var restored = new Scorer(result.Networks[0], data, settings.Loss.Create(data.Task, data.OutputWidth, []), data.Validation.Rows)
            .Score(data.Validation, withCurve: false, CancellationToken.None);
        Assert.Equal(best.Value, restored.Loss);

        var without = Assert.IsType<TrialOutcome.Completed>(Train(data, "validation_loss", settings with { EarlyStopping = 0, Epochs = completed.Curve.Count }).Outcome);
        Assert.Equal(completed.Curve, without.Curve);
        Assert.Equal(without.Curve[^1].Value, without.Value);
    }

    [Fact]
    public void Fails_with_the_reason_when_the_objective_cannot_be_judged()
    {
        var data = Samples.Clouds();
        Array.Clear(data.Validation.Labels);
        var failed = Assert.IsType<TrialOutcome.Failed>(Train(data, "validation_auc", Settings(LearningTask.Classification)).Outcome);
        Assert.Equal(FailureReason.BadData, failed.Reason);
        Assert.Contains("all of one class", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stops_within_a_mini_batch_when_told_to()
    {
        using var stop = new CancellationTokenSource();
        var trainer = new Trainer(Samples.Alone(Samples.Clouds()), Settings(LearningTask.Classification), Samples.Objective("validation_loss"), Samples.NoLimits, TimeProvider.System);
        var reported = 0;
        Assert.Throws<OperationCanceledException>(() => trainer.Run(1, 1, _ =>
        {
            reported++;
            stop.Cancel();
        }, stop.Token));
        Assert.Equal(1, reported);
    }

    [Fact]
    public void Fails_with_numbers_when_over_the_time_limit()
    {
        var clock = new SteppingClock(TimeSpan.FromSeconds(1));
        var limits = new LimitsSpec(TimeSpan.FromSeconds(20), null);
        var outcome = new Trainer(Samples.Alone(Samples.Clouds()), Settings(LearningTask.Classification), Samples.Objective("validation_loss"), limits, clock)
            .Run(1, 1, _ => { }, CancellationToken.None).Outcome;
        var failed = Assert.IsType<TrialOutcome.Failed>(outcome);
        Assert.Equal(FailureReason.TimeLimit, failed.Reason);
        Assert.Contains("limits.time is 20 s", failed.Message, StringComparison.Ordinal);
        Assert.Contains("epoch 3 of 20", failed.Message, StringComparison.Ordinal);
        Assert.Equal(2, failed.Curve.Count);
    }

    [Fact]
    public void Fails_with_both_numbers_when_over_the_memory_limit()
    {
        var settings = Settings(LearningTask.Classification, ("width", ParameterValue.Int(1000)));
        var needed = MemoryEstimate.Bytes(Samples.Alone(Samples.Clouds()), settings);
        var outcome = new Trainer(Samples.Alone(Samples.Clouds()), settings, Samples.Objective("validation_loss"), new LimitsSpec(null, needed - 1), TimeProvider.System)
            .Run(1, 1, _ => { }, CancellationToken.None).Outcome;
        var failed = Assert.IsType<TrialOutcome.Failed>(outcome);
        Assert.Equal(FailureReason.MemoryLimit, failed.Reason);
        Assert.Contains(needed.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), failed.Message, StringComparison.Ordinal);
        Assert.Contains((needed - 1).ToString("N0", System.Globalization.CultureInfo.InvariantCulture), failed.Message, StringComparison.Ordinal);
        Assert.Null(MemoryEstimate.Refuse(Samples.Alone(Samples.Clouds()), settings, 1, 1, needed, long.MaxValue));
    }

    [Fact]
    public void Refuses_a_network_that_no_machine_holds()
    {
        var settings = Settings(LearningTask.Classification, ("width", ParameterValue.Int(65536)), ("layers", ParameterValue.Int(64)));
        var failed = Assert.IsType<TrialOutcome.Failed>(Train(Samples.Clouds(), "validation_loss", settings).Outcome);
        Assert.Equal(FailureReason.MemoryLimit, failed.Reason);
        Assert.NotNull(MemoryEstimate.Refuse(Samples.Alone(Samples.Clouds()), settings, 1, 1, null, long.MaxValue));
    }

    [Theory]
    [InlineData("adam", "cross_entropy", 0)]
    [InlineData("momentum", "mse", 5)]
    public void Estimates_memory_within_a_tenth(string optimizer, string loss, int earlyStopping)
    {
        var settings = Settings(
            LearningTask.Classification, ("width", ParameterValue.Int(300)), ("batch_size", ParameterValue.Int(128)), ("epochs", ParameterValue.Int(2)),
            ("optimizer", ParameterValue.Text(optimizer)), ("loss", ParameterValue.Text(loss)), ("early_stopping", ParameterValue.Int(earlyStopping)));
        var data = Samples.Clouds();
        Train(data, "validation_loss", settings);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Train(data, "validation_loss", settings);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0.9 * MemoryEstimate.Bytes(Samples.Alone(data), settings), 1.1 * MemoryEstimate.Bytes(Samples.Alone(data), settings));
    }

    [Theory]
    [InlineData("adam", "cross_entropy", "relu")]
    [InlineData("momentum", "mse", "tanh")]
    [InlineData("sgd", "hinge", "sigmoid")]
    public void Allocates_nothing_in_the_training_loop(string optimizer, string loss, string activation)
    {
        var settings = Settings(
            LearningTask.Classification, ("optimizer", ParameterValue.Text(optimizer)), ("loss", ParameterValue.Text(loss)), ("activation", ParameterValue.Text(activation)),
            ("learning_rate", ParameterValue.Float(1e-3)), ("early_stopping", ParameterValue.Int(1000)));
        var data = Samples.Clouds();
        var marks = new long[60];
        var trainer = new Trainer(Samples.Alone(data), settings with { Epochs = marks.Length }, Samples.Objective("validation_loss"), Samples.NoLimits with { Time = TimeSpan.FromHours(1) }, TimeProvider.System);
        trainer.Run(1, 1, value => marks[value.Step - 1] = GC.GetAllocatedBytesForCurrentThread(), CancellationToken.None);
        Assert.Equal(marks[10], marks[^1]);
    }

    [Fact]
    public void Allocates_nothing_in_the_training_loop_with_embeddings()
    {
        var clouds = Samples.Clouds();
        var data = clouds with
        {
            Embedded = [new EmbeddedColumn("city", 4)],
            Training = clouds.Training with { Codes = [.. Enumerable.Range(0, clouds.Training.Rows).Select(i => i % 4)] },
            Validation = clouds.Validation with { Codes = new int[clouds.Validation.Rows] },
        };
        var marks = new long[60];
        var settings = Settings(LearningTask.Classification, ("epochs", ParameterValue.Int(marks.Length)));
        new Trainer(Samples.Alone(data), settings, Samples.Objective("validation_loss"), Samples.NoLimits, TimeProvider.System)
            .Run(1, 1, value => marks[value.Step - 1] = GC.GetAllocatedBytesForCurrentThread(), CancellationToken.None);
        Assert.Equal(marks[10], marks[^1]);
    }

    [Theory]
    [InlineData("validation_mae")]
    [InlineData("test_loss")]
    [InlineData("loss")]
    public void Refuses_objectives_it_cannot_know(string metric) => Assert.Throws<ArgumentException>(() =>
        new Trainer(Samples.Alone(Samples.Clouds()), Settings(LearningTask.Classification), Samples.Objective(metric), Samples.NoLimits, TimeProvider.System));

    [Fact]
    public void Trains_on_fewer_rows_than_a_mini_batch()
    {
        var result = Train(Samples.Clouds(training: 5, validation: 3), "validation_loss", Settings(LearningTask.Classification, ("batch_size", ParameterValue.Int(512))));
        Assert.IsType<TrialOutcome.Completed>(result.Outcome);
    }

    public static TheoryData<string> Interrupted() => new(
        "optimizer=sgd", "optimizer=momentum", "optimizer=nesterov schedule=step", "optimizer=rmsprop momentum=0.5 schedule=cosine",
        "optimizer=adam schedule=one_cycle warmup_epochs=1", "optimizer=adamw schedule=reduce_on_plateau schedule_patience=0", "optimizer=nadam early_stopping=2",
        "optimizer=lion learning_rate=0.001 schedule=exponential", "dropout=0.3 normalization=batch early_stopping=3", "normalization=layer residual=true clip_norm=0.5 max_norm=1",
        "class_weights=balanced label_smoothing=0.1 clip_value=0.01 l1=0.001");

    [Theory]
    [MemberData(nameof(Interrupted))]
    public void Goes_on_bit_for_bit_wherever_it_was_interrupted(string text)
    {
        var settings = Settings(LearningTask.Classification, [.. Parse(text), ("epochs", ParameterValue.Int(5)), ("width", ParameterValue.Int(20))]);
        var data = new StudyData([Samples.Clouds(training: 70), Samples.Clouds(training: 50)]);
        var expected = new Trainer(data, settings, Samples.Objective("validation_loss", repeats: 2), Samples.NoLimits, TimeProvider.System)
            .Run(7, 3, _ => { }, CancellationToken.None);
        for (var after = 2; after < 100; after += 9)
        {
            byte[]? kept = null;
            TrainingResult? result = null;
            for (var attempts = 0; result is null; attempts++)
            {
                Assert.True(attempts < 60, "It never ends.");
                using var stop = new CancellationTokenSource();
                var clock = new SteppingClock(TimeSpan.FromSeconds(1), after + attempts, stop.Cancel);
                var trainer = new Trainer(data, settings, Samples.Objective("validation_loss", repeats: 2), new LimitsSpec(TimeSpan.FromDays(1), null), clock);
                try
                {
                    result = trainer.Run(7, 3, _ => { }, stop.Token, new CheckpointPlan(kept, TimeSpan.FromSeconds(40), bytes => kept = bytes));
                }
                catch (OperationCanceledException)
                {
                    // Goes on with what was kept.
                }
            }

            Assert.Equal(expected.Outcome.Curve, result.Outcome.Curve);
            Assert.Equal(Without(expected.Outcome, Metrics.Seconds), Without(result.Outcome, Metrics.Seconds));
            Assert.Equal(WeightsFormat.Write(expected.Networks), WeightsFormat.Write(result.Networks));
        }
    }

    [Theory]
    [MemberData(nameof(Interrupted))]
    public void Set_aside_at_any_epoch_it_goes_on_bit_for_bit(string text)
    {
        var settings = Settings(LearningTask.Classification, [.. Parse(text), ("epochs", ParameterValue.Int(5)), ("width", ParameterValue.Int(20))]);
        var trainer = new Trainer(Samples.Alone(Samples.Clouds(training: 70)), settings, Samples.Objective("validation_loss"), Samples.NoLimits, TimeProvider.System);
        var expected = trainer.Run(7, 3, _ => { }, CancellationToken.None);
        byte[]? kept = null;
        foreach (var until in new[] { 1, 3, 4 })
        {
            var segment = Segment(until);
            if (segment.Outcome is TrialOutcome.Completed)
            {
                // Its own early stopping came first.
                break;
            }

            Assert.Equal(until, Assert.IsType<TrialOutcome.Paused>(segment.Outcome).Step);
            Assert.Equal(expected.Outcome.Curve.Take(until), segment.Outcome.Curve);

            // The outcome was lost on its way and the segment is asked for again: nothing is trained twice.
            var again = Segment(until);
            Assert.Equal(segment.Outcome.Curve, Assert.IsType<TrialOutcome.Paused>(again.Outcome).Curve);
        }

        var result = Segment(null);
        Assert.Equal(expected.Outcome.Curve, result.Outcome.Curve);
        Assert.Equal(Without(expected.Outcome, Metrics.Seconds), Without(result.Outcome, Metrics.Seconds));
        Assert.Equal(WeightsFormat.Write(expected.Networks), WeightsFormat.Write(result.Networks));

        TrainingResult Segment(int? until) =>
            trainer.Run(7, 3, _ => { }, CancellationToken.None, new CheckpointPlan(kept, TimeSpan.FromHours(1), bytes => kept = bytes), until);
    }

    [Fact]
    public void Refuses_the_checkpoint_of_another_trial_and_a_cut_one()
    {
        byte[]? kept = null;
        var settings = Settings(LearningTask.Classification, ("epochs", ParameterValue.Int(3)));
        var trainer = new Trainer(Samples.Alone(Samples.Clouds()), settings, Samples.Objective("validation_loss"), Samples.NoLimits, new SteppingClock(TimeSpan.FromSeconds(9)));
        trainer.Run(7, 3, _ => { }, CancellationToken.None, new CheckpointPlan(null, TimeSpan.FromSeconds(1), bytes => kept ??= bytes));
        Assert.NotNull(kept);
        Assert.Throws<InvalidDataException>(() => Run(7, 4, kept));
        Assert.Throws<InvalidDataException>(() => Run(8, 3, kept));
        Assert.Throws<InvalidDataException>(() => Run(7, 3, kept[..^1]));
        Run(7, 3, kept);

        void Run(long seed, int number, byte[] resume) =>
            trainer.Run(seed, number, _ => { }, CancellationToken.None, new CheckpointPlan(resume, TimeSpan.FromHours(1), _ => { }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Gives_the_same_bits_on_any_number_of_threads(int threads)
    {
        // Wide enough that the products are divided (a million multiply-adds).
        var settings = Settings(LearningTask.Classification, ("epochs", ParameterValue.Int(2)), ("widths", ParameterValue.Text("300-290")), ("batch_size", ParameterValue.Int(100)));
        var one = new Trainer(Samples.Alone(Samples.Clouds()), settings, Samples.Objective("validation_loss"), Samples.NoLimits, TimeProvider.System);
        var several = new Trainer(Samples.Alone(Samples.Clouds()), settings, Samples.Objective("validation_loss"), Samples.NoLimits, TimeProvider.System, threads);
        Assert.Equal(
            WeightsFormat.Write(one.Run(7, 3, _ => { }, CancellationToken.None).Networks),
            WeightsFormat.Write(several.Run(7, 3, _ => { }, CancellationToken.None).Networks));
    }

    [Fact]
    public void A_value_is_the_mean_over_folds_and_repeats_and_its_deviation_is_told()
    {
        var data = new StudyData([Samples.Clouds(training: 30), Samples.Clouds(training: 60)]);
        var settings = Settings(LearningTask.Classification, ("epochs", ParameterValue.Int(2)));
        var result = new Trainer(data, settings, Samples.Objective("validation_loss", repeats: 3), Samples.NoLimits, TimeProvider.System).Run(7, 3, _ => { }, CancellationToken.None);
        Assert.Equal(6, result.Networks.Count);
        var losses = result.Networks.Select((network, i) => new Scorer(network, data.Folds[i % 2], settings.Loss.Create(LearningTask.Classification, 3, []), 120)
            .Score(data.Folds[i % 2].Validation, withCurve: false, CancellationToken.None).Loss).ToArray();
        Assert.Equal(6, losses.Distinct().Count());
        Assert.Equal(losses.Average(), Assert.IsType<TrialOutcome.Completed>(result.Outcome).Value, 1e-12);
        Assert.Equal(Math.Sqrt(losses.Average(l => Math.Pow(l - losses.Average(), 2))), result.Outcome.Metrics[Metrics.ObjectiveDeviation], 1e-12);
    }

    [Theory]
    [InlineData("none", 140)]
    [InlineData("layer", 140)]
    [InlineData("batch", 140)]
    [InlineData("batch", 17)]
    public void Learns_with_every_stage_of_a_hidden_layer(string normalization, int width)
    {
        var settings = Settings(
            LearningTask.Classification, ("normalization", ParameterValue.Text(normalization)), ("dropout", ParameterValue.Float(0.2)),
            ("residual", ParameterValue.Bool(true)), ("layers", ParameterValue.Int(3)), ("width", ParameterValue.Int(width)));
        Assert.InRange(Assert.IsType<TrialOutcome.Completed>(Train(Samples.Clouds(), "validation_accuracy", settings).Outcome).Value, 0.96, 1);
    }

    [Fact]
    public void Clipping_max_norm_and_penalties_bound_what_they_promise()
    {
        var data = Samples.Clouds();
        var settings = Settings(LearningTask.Classification, ("max_norm", ParameterValue.Float(0.5)), ("learning_rate", ParameterValue.Float(0.1)), ("epochs", ParameterValue.Int(2)));
        var network = Train(data, "validation_loss", settings).Networks[0];
        for (var j = 0; j < 64; j++)
        {
            var norm = Math.Sqrt(Enumerable.Range(0, 64).Sum(i => Math.Pow(network.Weights(1)[network.WeightIndex(1, i, j)], 2)));
            Assert.InRange(norm, 0, 0.5 * (1 + 1e-5));
        }

        // One step of plain descent moves the parameters by the rate times a gradient no longer than the limit.
        var clipped = Settings(LearningTask.Classification, ("clip_norm", ParameterValue.Float(0.01)), ("optimizer", ParameterValue.Text("sgd")), ("learning_rate", ParameterValue.Float(1)));
        Assert.Equal(0.01, Moved(clipped), 1e-5);
        var capped = Settings(LearningTask.Classification, ("clip_value", ParameterValue.Float(1e-4)), ("optimizer", ParameterValue.Text("sgd")), ("learning_rate", ParameterValue.Float(1)));
        Assert.InRange(Moved(capped), 1e-5, 1e-4 * Math.Sqrt(network.ParametersCount));

        double Moved(TrainingSettings s)
        {
            var start = new Network(s.Architecture(data));
            Initializer.Fill(start, InitializerKind.Auto, Rng.For(1, 1, "weights"));
            var before = start.Parameters.ToArray();
            new Learner(start, data.Training, s, s.Loss.Create(data.Task, 3, []), Rng.For(1, 1, "dropout")).Step([0, 1, 2, 3, 4, 5]);
            return Math.Sqrt(start.Parameters.ToArray().Zip(before, (a, b) => Math.Pow(a - b, 2)).Sum());
        }
    }

    private static IEnumerable<(string, ParameterValue)> Parse(string text) => text.Split(' ').Select(pair => pair.Split('=')).Select(pair => (
        pair[0],
        ModelSettings.Find(pair[0])!.Kind switch
        {
            ParameterValueKind.Int => ParameterValue.Int(long.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture)),
            ParameterValueKind.Float => ParameterValue.Float(double.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture)),
            ParameterValueKind.Bool => ParameterValue.Bool(pair[1] == "true"),
            _ => ParameterValue.Text(pair[1]),
        }));

    private static TrainingSettings Settings(LearningTask task, params (string Name, ParameterValue Value)[] values) =>
        TrainingSettings.Resolve(Samples.Spec(), Samples.Parameters(values), task);

    private static TrainingResult Train(DataSet data, string metric, TrainingSettings settings) =>
        new Trainer(Samples.Alone(data), settings, Samples.Objective(metric), Samples.NoLimits, TimeProvider.System).Run(7, 3, _ => { }, CancellationToken.None);

    private static Dictionary<string, double> Without(TrialOutcome outcome, string metric) =>
        outcome.Metrics.Where(m => m.Key != metric).ToDictionary();

    private static DataSet Scrambled(DataSet data)
    {
        Rng.For(1, 0, "scramble").Shuffle(data.Training.Labels.AsSpan());
        Rng.For(2, 0, "scramble").Shuffle(data.Validation.Labels.AsSpan());
        return data;
    }

    /// <summary>Features without information, so that a linear model says its bias.</summary>
    private static DataSet Zeroed(DataSet data)
    {
        Array.Clear(data.Training.Features);
        Array.Clear(data.Validation.Features);
        return data;
    }

}
