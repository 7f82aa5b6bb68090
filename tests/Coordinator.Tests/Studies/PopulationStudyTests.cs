using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>A study of a population in the study's engine, its journal, its audit and its replay.</summary>
public sealed class PopulationStudyTests
{
    private const string Text =
        """
        name: hills
        data: { source: a.csv, target: y, task: regression }
        model: { epochs: 6 }
        parameters: { learning_rate: { type: float, low: 1e-4, high: 1, log: true } }
        strategy: { name: pbt, seed: 42, population: 3, interval: 2 }
        """;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly StudySpec _spec;
    private readonly ISampler _sampler;
    private readonly StudyEngine _engine;
    private readonly List<StudyEvent> _journal = [];
    private readonly List<Effect> _effects = [];
    private int _leases;

    public PopulationStudyTests()
        : this(Text)
    {
    }

    private PopulationStudyTests(string text)
    {
        _spec = Specs.Parse(text);
        _sampler = SamplerFactory.Create(_spec);
        var options = new EngineOptions(EngineOptions.DefaultLease, _sampler.Size, _sampler.Learns, TrainToEnd.Instance) { Population = Population.Of(_spec) };
        _engine = new StudyEngine(null, options, () => $"lease-{++_leases}");
        Do(new CreateStudy(StudyBench.Id, _spec));
        Do(new SeeWorker(new WorkerBeat("a", "i1", 8, []), Local: false));
    }

    [Fact]
    public void No_more_is_suggested_than_members_have_a_turn_and_every_lease_says_which()
    {
        Assert.Equal(3, _engine.SuggestionsWanted(Now));
        Suggest();
        Assert.Equal(0, _engine.SuggestionsWanted(Now));
        Assert.Equal(
            [new TrialSegment(0, null, 0, 2), new TrialSegment(1, null, 0, 2), new TrialSegment(2, null, 0, 2)], _effects.OfType<SendRun>().Select(r => r.Segment!));

        Complete(1, 5);
        Assert.Equal(1, _engine.SuggestionsWanted(Now));
        Suggest();
        Assert.Equal(new TrialSegment(1, 1, 2, 4), _effects.OfType<SendRun>().Last().Segment);
    }

    [Fact]
    public void What_nobody_can_need_any_more_is_swept_once_on_every_worker()
    {
        Do(new SeeWorker(new WorkerBeat("b", "i1", 1, []), Local: false));
        Suggest();
        for (var i = 0; i < 3; i++)
        {
            Complete(i, i);
        }

        Suggest();
        Assert.Empty(_effects.OfType<SendSweep>());
        Complete(3, 1);
        Complete(4, 1);
        Assert.Empty(_effects.OfType<SendSweep>());
        Complete(5, 1);
        Assert.Equal([new SendSweep("a", StudyBench.Id, 3), new SendSweep("b", StudyBench.Id, 3)], _effects.OfType<SendSweep>());

        Suggest();
        for (var i = 6; i < 9; i++)
        {
            Complete(i, i);
        }

        Assert.Equal(new SendSweep("b", StudyBench.Id, 9), _effects.OfType<SendSweep>().Last());
        Assert.Equal(FinishReason.SpaceExhausted, _engine.ReadyToFinish(Now));
    }

    [Fact]
    public void Its_journal_passes_the_audit_and_the_replay()
    {
        Play(this);
        Assert.Empty(StudyAudit.Run(_journal).Faults);
        Assert.Null(StudyReplay.Run(_journal, StudyBench.Id).Difference);

        var moved = _journal.Select(e => e is TrialSuggested { Number: 4 } s ? s with { Segment = s.Segment! with { Parent = s.Segment.Parent == 0 ? 1 : 0 } } : e).ToList();
        Assert.Matches("^trial 4: the journal has steps 3 to 4 of member 1 from trial [01]; from its history pbt/pbt-1 has it train steps 3 to 4", StudyReplay.Run(moved, StudyBench.Id).Difference);
    }

    [Theory]
    [InlineData(4, 1, 3, 2, 4, "trial 4 goes on from trial 3, which was open")]
    [InlineData(4, 1, 9, 2, 4, "trial 4 goes on from trial 9, which was not suggested yet")]
    [InlineData(4, 1, 1, 1, 4, "trial 4 goes on from trial 1 after step 1, where that one did not end")]
    [InlineData(4, 1, null, 2, 4, "trial 4 begins after step 2 and goes on from no trial")]
    [InlineData(4, 1, 1, 2, 7, "trial 4 is to train the steps 3 to 7")]
    [InlineData(4, 1, 1, 2, 2, "trial 4 is to train the steps 3 to 2")]
    [InlineData(4, 0, 1, 2, 4, "trial 4 is of member 0, whose trial 3 has no outcome yet")]
    [InlineData(4, 1, 1, 2, 5, "trial 4: it was to train the steps 3 to 5, and its curve has 2 that are not those")]
    public void The_audit_sees_a_trial_in_the_wrong_place(int number, int member, int? parent, int start, int last, string fault)
    {
        Play(this);
        var broken = _journal.Select(e => e is TrialSuggested s && s.Number == number ? s with { Segment = new TrialSegment(member, parent, start, last) } : e).ToList();
        Assert.Contains(StudyAudit.Run(broken).Faults, f => f.EndsWith(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Sets_that_the_user_enqueued_begin_members()
    {
        var study = new PopulationStudyTests(Text + "\nenqueue: [ { learning_rate: 0.5 } ]");
        Play(study);
        Assert.Equal(9, study._journal.OfType<TrialCompleted>().Count());
        var suggested = study._journal.OfType<TrialSuggested>().ToList();
        Assert.Equal((true, new TrialSegment(0, null, 0, 2)), (suggested[0].Enqueued, suggested[0].Segment));
        Assert.Equal([0, 1, 2], suggested.Take(3).Select(s => s.Segment!.Member));
        Assert.Empty(StudyAudit.Run(study._journal).Faults);
        Assert.Null(StudyReplay.Run(study._journal, StudyBench.Id).Difference);
    }

    private static void Play(PopulationStudyTests study)
    {
        while (study._engine.ReadyToFinish(Now) is null)
        {
            study.Suggest();
            foreach (var number in study._engine.State!.Open)
            {
                study.Complete(number, 10 - number);
            }
        }

        study.Do(new FinishStudy(Trial.NoMetrics));
    }

    private void Suggest() => Do(Suggesting.Draw(_engine.State!, _sampler, SettingsHash.Of(_spec), _engine.SuggestionsWanted(Now)));

    private void Complete(int number, double value)
    {
        var trial = _engine.State!.Trials[number];
        var segment = trial.Segment!;
        Do(new TakeOutcome(new ReportOutcome("a", new AttemptKey(StudyBench.Id, number, trial.Attempts, trial.Lease!.Id), new TrialOutcome.Completed(value, null)
        {
            Curve = [.. Enumerable.Range(segment.Start + 1, segment.Last - segment.Start).Select(step => new IntermediateValue(step, value))],
        })));
    }

    private void Do(StudyCommand command)
    {
        _engine.Submit(command);
        Assert.NotNull(_engine.Next(Now));
        var batch = _engine.Commit();
        _journal.AddRange(batch.Events);
        _effects.AddRange(batch.Effects);
    }
}
