using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Views;

public sealed class StudyAuditTests
{
    private const string Constrained = Journal.RandomStudy + "\nconstraints: [ x1 + x2 <= 9, value >= 1.5 ]";

    /// <summary>A broken journal, and what the audit says of it.</summary>
    private const string Again = Journal.RandomStudy + "\nreevaluate: { top: 1, seeds: 2 }";

    public static readonly TheoryData<string, string> Planted = new()
    {
        { "empty", "The journal is empty" },
        { "begins late", "the journal begins with TrialSuggested" },
        { "created twice", "created a second time" },
        { "time runs back", "running time falls" },
        { "gap in numbers", "trial 1 is next" },
        { "number twice", "trial 1 is next" },
        { "never suggested", "never suggested" },
        { "two outcomes", "trial 0: TrialCompleted after its outcome (complete)" },
        { "two different outcomes", "trial 0: TrialFailed after its outcome (complete)" },
        { "cancelled after outcome", "trial 0: TrialCancelled after its outcome" },
        { "open at the end", "trial 2 has no outcome" },
        { "attempt skipped", "attempt 2 started after attempt 0" },
        { "attempt repeated", "attempt 1 started after attempt 1" },
        { "started while leased", "attempt 2 started while attempt 1 was still leased" },
        { "lease given twice", "lease lease-0-1 was given out before" },
        { "outcome without a start", "it never started" },
        { "outcome of an old attempt", "TrialCompleted of attempt 1, but attempt 2 is leased" },
        { "outcome after a drain", "TrialCompleted of attempt 1, but attempt 1 is over" },
        { "reports of an old attempt", "ReportsRecorded of attempt 1" },
        { "release of nothing", "TrialReleased of attempt 1" },
        { "history of the future", "history up to event 99" },
        { "outside the space", "outside the search space" },
        { "constraint violated", "trial 0 violates the constraint x1 + x2 <= 9" },
        { "best violates", "no best trial is named, but trial 1 is complete with 2" },
        { "best unusable", "the best trial is said to be 0 with 1, but trial 1 has 2" },
        { "copy of another", "which is not among the best of a study that is over" },
        { "copies of the wrong trials", "trials 1 are trained again, and the best ones are 0" },
        { "copy with other parameters", "trains trial 0 again with other parameters" },
        { "one copy too many", "once more than the 2 times asked for" },
        { "too few copies", "was trained again 1 of 2 times" },
        { "wrong best by copies", "by their copies it is 0" },
        { "a parameter missing", "outside the search space" },
        { "value is NaN", "the value is NaN" },
        { "curve is infinite", "the value at step 1 is Infinity" },
        { "budget overshot", "number 4 of a budget of 3" },
        { "budget undershot", "2 of 3 trials are done" },
        { "no such budget", "it has no budget of trials" },
        { "no such target", "it has no target" },
        { "time not spent", "it ran" },
        { "patience not spent", "its patience is unlimited" },
        { "too few failures", "0 trials failed" },
        { "grid point twice", "the grid point of trial 0 again" },
        { "grid point missing", "only 3 of its points were tried" },
        { "grid axis missing", "values of 'x1' were tried" },
        { "wrong best", "but trial 1 has 1" },
        { "best not complete", "which is not complete" },
        { "best forgotten", "no best trial is named" },
        { "trial after the end", "TrialSuggested after the study was finished" },
        { "finished twice", "StudyFinished after the study was finished" },
    };

    [Theory]
    [MemberData(nameof(Planted))]
    public void Finds_the_planted_fault(string fault, string says)
    {
        var report = StudyAudit.Run(Plant(fault));

        Assert.Contains(report.Faults, f => f.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Finds_nothing_in_a_sound_journal()
    {
        var report = StudyAudit.Run(Journal.Whole().Events);

        Assert.Empty(report.Faults);
        Assert.Equal(("hills", "hills.1.0123abcd", 11L, 3), (report.Study, report.Id, report.Events, report.Trials));
        Assert.NotEmpty(report.Checks);
    }

    [Fact]
    public void Accepts_restarts_losses_retries_and_cancellations()
    {
        var journal = new Journal()
            .Suggest(0).Suggest(1).Begin(0).Begin(1)
            .Release(0, 1, ReleaseCause.LocalRestart).Begin(0, 2)
            .Release(1, 1, ReleaseCause.WorkerLost).Begin(1, 2).Complete(0, 1, attempt: 2)
            .Release(1, 2, ReleaseCause.WorkerLost).Fail(1, 2)
            .Suggest(2).Begin(2).Add(new TrialCancelled(2, "the budget was made smaller"))
            .Suggest(3).Begin(3).Diverge(3)
            .Finish(FinishReason.TrialsDone, 0);

        Assert.Empty(StudyAudit.Run(journal.Events).Faults);
    }

    [Fact]
    public void Accepts_the_outcome_of_a_silent_worker_that_nobody_replaced() =>
        Assert.Empty(StudyAudit.Run(new Journal().Suggest(0).Begin(0).Release(0, 1, ReleaseCause.WorkerLost).Complete(0, 1).Events).Faults);

    [Fact]
    public void Accepts_an_extension_after_the_end()
    {
        var journal = Journal.Whole();
        journal.Add(new StudyExtended(journal.Spec.Budget with { Trials = 4 }, journal.Spec.Limits, journal.Spec.Parallel, journal.Spec.Retry))
            .Trial(3, 0.5).Finish(FinishReason.TrialsDone, 3);

        Assert.Empty(StudyAudit.Run(journal.Events).Faults);
    }

    [Fact]
    public void Accepts_a_whole_grid_one_of_whose_points_was_cancelled_once()
    {
        var journal = new Journal(Journal.GridStudy)
            .Suggest(0, Journal.GridPoint(-5, 1)).Begin(0).Add(new TrialCancelled(0, "interrupted"))
            .Trial(1, 4, Journal.GridPoint(-5, 1)).Trial(2, 3, Journal.GridPoint(-5, 2)).Trial(3, 2, Journal.GridPoint(10, 1)).Trial(4, 1, Journal.GridPoint(10, 2))
            .Finish(FinishReason.SpaceExhausted, 4);

        Assert.Empty(StudyAudit.Run(journal.Events).Faults);
    }

    [Fact]
    public void A_journal_that_is_still_written_has_no_fault() =>
        Assert.Empty(StudyAudit.Run(new Journal().Trial(0, 1).Suggest(1).Begin(1).Events).Faults);

    [Fact]
    public void A_trial_whose_constrained_metric_is_not_known_is_not_the_best()
    {
        var journal = new Journal(Constrained).Suggest(0, Journal.Point(1, 1)).Begin(0).Add(new TrialCompleted(0, 1, 2, [], Trial.NoMetrics, null))
            .Finish(FinishReason.Stopped, null);

        Assert.Empty(StudyAudit.Run(journal.Events).Faults);
    }

    private static ReevaluationBegun Best(int number) => new(FinishReason.TrialsDone, [number]);

    private static TrialSuggested Copy(int number, int original) => new(number, Journal.Point(original, original), true, 1, "copy", "00") { CopyOf = original };

    private static IReadOnlyList<StudyEvent> Plant(string fault) => fault switch
    {
        "empty" => [],
        "begins late" => [.. Journal.Whole().Events.Skip(1)],
        "created twice" => new Journal().Add(new StudyCreated("hills.2.0123abcd", new Journal().Spec)).Events,
        "time runs back" => new Journal().Trial(0, 1).AddRaw(new StudyPaused("clock") { Elapsed = TimeSpan.Zero }).Events,
        "gap in numbers" => new Journal().Trial(0, 1).Trial(2, 1).Events,
        "number twice" => new Journal().Trial(0, 1).Suggest(0).Events,
        "never suggested" => new Journal().Begin(0).Events,
        "two outcomes" => new Journal().Trial(0, 1).Complete(0, 1).Events,
        "two different outcomes" => new Journal().Trial(0, 1).Fail(0).Events,
        "cancelled after outcome" => new Journal().Trial(0, 1).Add(new TrialCancelled(0, "late")).Events,
        "open at the end" => new Journal().Trial(0, 1).Trial(1, 2).Suggest(2).Finish(FinishReason.Stopped, 0).Events,
        "attempt skipped" => new Journal().Suggest(0).Begin(0, 2).Events,
        "attempt repeated" => new Journal().Suggest(0).Begin(0).Release(0, 1, ReleaseCause.Drained).Begin(0, 1, "other").Events,
        "started while leased" => new Journal().Suggest(0).Begin(0).Begin(0, 2).Events,
        "lease given twice" => new Journal().Suggest(0).Begin(0).Suggest(1).Begin(1, 1, "lease-0-1").Events,
        "outcome without a start" => new Journal().Suggest(0).Complete(0, 1).Events,
        "outcome of an old attempt" => new Journal().Suggest(0).Begin(0).Release(0, 1, ReleaseCause.WorkerLost).Begin(0, 2).Complete(0, 1).Events,
        "outcome after a drain" => new Journal().Suggest(0).Begin(0).Release(0, 1, ReleaseCause.Drained).Complete(0, 1).Events,
        "reports of an old attempt" => new Journal().Suggest(0).Begin(0).Release(0, 1, ReleaseCause.Drained).Begin(0, 2)
            .Add(new ReportsRecorded(0, 1, [new IntermediateValue(1, 1)])).Events,
        "release of nothing" => new Journal().Suggest(0).Release(0, 1, ReleaseCause.Drained).Events,
        "history of the future" => new Journal().Suggest(0, history: 99).Events,
        "outside the space" => new Journal().Suggest(0, Journal.Point(-6, 0)).Events,
        "constraint violated" => new Journal(Constrained).Suggest(0, Journal.Point(9, 1)).Events,
        "best violates" => new Journal(Constrained).Trial(0, 1).Trial(1, 2).Finish(FinishReason.Stopped, null).Events,
        "best unusable" => new Journal(Constrained).Trial(0, 1).Trial(1, 2).Finish(FinishReason.Stopped, 0).Events,
        "copy of another" => new Journal(Again).Trial(0, 1).Trial(1, 2).Add(Best(0)).Add(Copy(2, 1)).Events,
        "copies of the wrong trials" => new Journal(Again).Trial(0, 1).Trial(1, 2).Add(Best(1)).Events,
        "copy with other parameters" => new Journal(Again).Trial(0, 1).Add(Best(0)).Add(Copy(1, 0) with { Parameters = Journal.Point(3, 3) }).Events,
        "one copy too many" => new Journal(Again).Trial(0, 1).Add(Best(0)).Add(Copy(1, 0)).Add(Copy(2, 0)).Add(Copy(3, 0)).Events,
        "too few copies" => new Journal(Again).Trial(0, 1).Trial(1, 2).Trial(2, 3).Add(Best(0)).Add(Copy(3, 0)).Begin(3).Complete(3, 1).Finish(FinishReason.TrialsDone, 0).Events,
        "wrong best by copies" => new Journal(Again).Trial(0, 1).Trial(1, 2).Trial(2, 3).Add(Best(0)).Add(Copy(3, 0)).Begin(3).Complete(3, 1).Add(Copy(4, 0)).Begin(4).Complete(4, 1)
            .Finish(FinishReason.TrialsDone, 1).Events,
        "a parameter missing" => new Journal().Suggest(0, new TrialParameters([KeyValuePair.Create("x1", ParameterValue.Float(1))])).Events,
        "value is NaN" => new Journal().Trial(0, double.NaN).Events,
        "curve is infinite" => new Journal().Suggest(0).Begin(0).Add(new ReportsRecorded(0, 1, [new IntermediateValue(1, double.PositiveInfinity)])).Events,
        "budget overshot" => new Journal().Trial(0, 1).Trial(1, 2).Trial(2, 3).Trial(3, 4).Events,
        "budget undershot" => new Journal().Trial(0, 1).Trial(1, 2).Finish(FinishReason.TrialsDone, 0).Events,
        "no such budget" => new Journal(Journal.GridStudy).Trial(0, 1, Journal.GridPoint(-5, 1)).Finish(FinishReason.TrialsDone, 0).Events,
        "no such target" => new Journal().Trial(0, 1).Finish(FinishReason.TargetReached, 0).Events,
        "time not spent" => new Journal().Trial(0, 1).Finish(FinishReason.TimeSpent, 0).Events,
        "patience not spent" => new Journal().Trial(0, 1).Finish(FinishReason.PatienceSpent, 0).Events,
        "too few failures" => new Journal().Trial(0, 1).Finish(FinishReason.TooManyFailures, 0).Events,
        "grid point twice" => new Journal(Journal.GridStudy).Trial(0, 1, Journal.GridPoint(-5, 1)).Trial(1, 1, Journal.GridPoint(-5, 1)).Events,
        "grid point missing" => new Journal(Journal.GridStudy).Trial(0, 1, Journal.GridPoint(-5, 1)).Trial(1, 2, Journal.GridPoint(-5, 2))
            .Trial(2, 3, Journal.GridPoint(10, 1)).Finish(FinishReason.SpaceExhausted, 0).Events,
        "grid axis missing" => new Journal(Journal.GridStudy).Trial(0, 1, Journal.GridPoint(-5, 1)).Trial(1, 2, Journal.GridPoint(-5, 2))
            .Finish(FinishReason.SpaceExhausted, 0).Events,
        "wrong best" => new Journal().Trial(0, 3).Trial(1, 1).Trial(2, 2).Finish(FinishReason.TrialsDone, 2).Events,
        "best not complete" => new Journal().Suggest(0).Begin(0).Fail(0).Finish(FinishReason.Stopped, 0).Events,
        "best forgotten" => new Journal().Trial(0, 3).Finish(FinishReason.Stopped, null).Events,
        "trial after the end" => Journal.Whole().Suggest(3).Events,
        "finished twice" => Journal.Whole().Finish(FinishReason.TrialsDone, 1).Events,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Not planted."),
    };
}
