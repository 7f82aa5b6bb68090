using TuningCluster.TrialWorker.Optimizers;
using TuningCluster.TrialWorker.Tests.Training;

namespace TuningCluster.TrialWorker.Tests.Optimizers;

public class LearningRateScheduleTests
{
    /// <summary>What PyTorch can and we cannot: our rise is always 30 %, and a reduction on a plateau has no cooldown.</summary>
    private static readonly string[] Theirs = ["one_cycle, early peak", "reduce_on_plateau, cooldown and floor"];

    public static TheoryData<string> Cases => new(GoldenFiles.Read<GoldenRates>("schedules").Select(c => c.Name).Except(Theirs));

    public static TheoryData<ScheduleKind> Kinds => new(Enum.GetValues<ScheduleKind>());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_rates_of_the_other_framework(string name)
    {
        var golden = GoldenFiles.Read<GoldenRates>("schedules").Single(c => c.Name == name);
        var it = golden.Schedule;
        var settings = it.Name switch
        {
            "warmup" => ScheduleSettings.Constant with { WarmupEpochs = it.Length },
            "warmup_cosine" => ScheduleSettings.Resolve("cosine", null, null, 0, it.Least / golden.LearningRate, it.Warmup, it.Length),
            _ => ScheduleSettings.Resolve(
                it.Name, it.Factor, Math.Max(1, it.Every), it.Patience, it.Least / golden.LearningRate, 0, golden.Rates.Length),
        };
        var schedule = new LearningRateSchedule(settings, golden.LearningRate, stepsPerEpoch: 1, it.Length > 0 ? it.Length : golden.Rates.Length);
        for (var step = 0; step < golden.Rates.Length; step++)
        {
            // The file has twelve digits.
            Assert.Equal(golden.Rates[step], schedule.Rate(step), 1e-12 * golden.LearningRate);
            if (golden.Metrics is not null)
            {
                schedule.EndEpoch(golden.Metrics[step]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Warm_up_rises_in_a_straight_line_by_steps_whatever_follows(ScheduleKind kind)
    {
        const int perEpoch = 3;
        const int epochs = 12;
        const int warmup = 2 * perEpoch;
        var settings = new ScheduleSettings(kind, 0.5, 2, 1, 0.1, 0);
        var warm = new LearningRateSchedule(settings with { WarmupEpochs = 2 }, 0.8, perEpoch, epochs);
        var beginsLater = kind is ScheduleKind.Cosine or ScheduleKind.OneCycle;
        var plain = new LearningRateSchedule(settings, 0.8, perEpoch, beginsLater ? epochs - 2 : epochs);
        for (var step = 0; step < epochs * perEpoch; step++)
        {
            var want = plain.Rate(beginsLater ? Math.Max(0, step - warmup) : step) * (step < warmup ? (step + 1.0) / warmup : 1);
            Assert.Equal(want, warm.Rate(step), 1e-15);
        }
    }

    [Theory]
    [InlineData(ScheduleKind.Cosine, 1.0)]
    [InlineData(ScheduleKind.OneCycle, 1.0 / 25)]
    public void Warm_up_rises_to_where_the_schedule_begins_however_little_it_leaves(ScheduleKind kind, double share)
    {
        foreach (var warmup in new[] { 9, 10, 11 })
        {
            var schedule = new LearningRateSchedule(new ScheduleSettings(kind, 1, 1, 0, 0, warmup), 0.5, stepsPerEpoch: 1, epochs: 10);
            for (var step = 0; step < Math.Min(10, warmup); step++)
            {
                Assert.Equal(0.5 * share * (step + 1) / warmup, schedule.Rate(step), 1e-15);
            }
        }
    }

    [Theory]
    [InlineData(ScheduleKind.Step, 0.25)]
    [InlineData(ScheduleKind.Exponential, 0.03125)]
    public void Step_and_exponential_change_between_epochs_only(ScheduleKind kind, double share)
    {
        var schedule = new LearningRateSchedule(new ScheduleSettings(kind, 0.5, 2, 0, 0, 0), 1, stepsPerEpoch: 4, epochs: 6);
        Assert.Equal(1, schedule.Rate(3));
        Assert.Equal(share, schedule.Rate(20));
        Assert.Equal(share, schedule.Rate(23));
    }

    [Fact]
    public void Cosine_ends_at_the_floor_and_stays_there()
    {
        var schedule = new LearningRateSchedule(new ScheduleSettings(ScheduleKind.Cosine, 1, 1, 0, 0.2, 0), 0.5, 10, 3);
        Assert.Equal(0.5, schedule.Rate(0));
        Assert.Equal(0.3, schedule.Rate(15), 1e-15);
        Assert.Equal(0.1, schedule.Rate(30), 1e-15);
        Assert.Equal(0.1, schedule.Rate(31), 1e-15);
    }

    [Fact]
    public void One_cycle_has_rates_for_trainings_of_any_length()
    {
        for (var epochs = 1; epochs < 40; epochs++)
        {
            var schedule = new LearningRateSchedule(new ScheduleSettings(ScheduleKind.OneCycle, 1, 1, 0, 0, 0), 0.5, 1, epochs);
            for (var step = 0; step < epochs; step++)
            {
                Assert.InRange(schedule.Rate(step), 0.5 / 25e4 * (1 - 1e-12), 0.5);
            }

            Assert.Equal(0.5 / 25e4, schedule.Rate(epochs - 1), 1e-15);
        }
    }

    [Fact]
    public void Reduces_on_a_plateau_after_more_than_the_patience_and_never_below_the_floor()
    {
        var schedule = new LearningRateSchedule(new ScheduleSettings(ScheduleKind.ReduceOnPlateau, 0.5, 1, 2, 0.3, 0), 0.1, 5, 100);

        // A gain of less than a ten-thousandth is none; a new best begins the count anew, and so does a reduction.
        (double Loss, double Rate)[] epochs =
        [
            (1, 0.1), (0.9, 0.1), (0.9, 0.1), (0.89995, 0.1), (0.8, 0.1), (0.8, 0.1), (0.81, 0.1), (0.82, 0.05), (0.83, 0.05), (0.8, 0.05),
            (0.79, 0.05), (0.79, 0.05), (0.79, 0.05), (0.79, 0.03), (0.79, 0.03), (0.79, 0.03), (0.79, 0.03), (0.5, 0.03),
        ];
        Assert.Equal(0.1, schedule.Rate(0));
        foreach (var (loss, rate) in epochs)
        {
            schedule.EndEpoch(loss);
            Assert.Equal(rate, schedule.Rate(77), 1e-15);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Goes_on_after_a_checkpoint_as_if_nothing_had_been(ScheduleKind kind)
    {
        var settings = new ScheduleSettings(kind, 0.5, 2, 1, 0.01, 1);
        double[] losses = [1, 0.9, 0.95, 0.93, 0.92, 0.8, 0.8, 0.8, 0.8, 0.8];
        for (var stop = 0; stop < losses.Length; stop++)
        {
            var (whole, first, second) = (Create(), Create(), Create());
            for (var epoch = 0; epoch < losses.Length; epoch++)
            {
                if (epoch == stop)
                {
                    using var stream = new MemoryStream();
                    using var writer = new BinaryWriter(stream);
                    first.Write(writer);
                    writer.Flush();
                    stream.Position = 0;
                    using var reader = new BinaryReader(stream);
                    second.Read(reader);
                    Assert.Equal(stream.Length, stream.Position);
                }

                var current = epoch < stop ? first : second;
                Assert.Equal(whole.Rate(2 * epoch), current.Rate(2 * epoch));
                Assert.Equal(whole.Rate((2 * epoch) + 1), current.Rate((2 * epoch) + 1));
                whole.EndEpoch(losses[epoch]);
                current.EndEpoch(losses[epoch]);
            }
        }

        LearningRateSchedule Create() => new(settings, 0.1, 2, losses.Length);
    }

    [Fact]
    public void Fills_in_the_defaults_of_each_kind()
    {
        Assert.Equal(0.95, ScheduleSettings.Resolve("exponential", null, null, 5, 0, 0, 30).Factor);
        Assert.Equal(new ScheduleSettings(ScheduleKind.Step, 0.1, 10, 5, 0, 0), ScheduleSettings.Resolve("step", null, null, 5, 0, 0, 30));
        Assert.Equal(1, ScheduleSettings.Resolve("step", null, null, 5, 0, 0, 2).EveryEpochs);
        Assert.Throws<ArgumentException>(() => ScheduleSettings.Resolve("sine", null, null, 5, 0, 0, 30));
    }
}
