using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Views;

public sealed class StudyViewBuilderTests
{
    [Fact]
    public void Tells_every_state_a_study_can_be_in()
    {
        Assert.Equal("running", Word(new Journal()));
        Assert.Equal("paused", Word(new Journal().Add(new StudyPaused("lunch"))));
        Assert.Equal("completed", Word(Journal.Whole()));
        Assert.Equal("stopped", Word(new Journal().Trial(0, 1).Finish(FinishReason.Stopped, 0)));
        Assert.Equal("failed", Word(new Journal().Suggest(0).Begin(0).Fail(0).Finish(FinishReason.TooManyFailures, null)));
    }

    [Fact]
    public void Counts_trials_by_every_state()
    {
        var counts = StudyViewBuilder.Study(new Journal().Trial(0, 1).Suggest(1).Begin(1).Suggest(2).State).Counts;

        Assert.Equal(Enum.GetValues<TrialState>().Select(s => s.Word()), counts.Keys);
        Assert.Equal((1, 1, 1, 0), (counts["complete"], counts["running"], counts["waiting"], counts["failed"]));
    }

    [Fact]
    public void Gives_the_test_score_to_the_best_trial_alone()
    {
        var state = new Journal().Trial(0, 3).Trial(1, 1).Trial(2, 2)
            .Finish(FinishReason.TrialsDone, 1, new Dictionary<string, double> { ["test_accuracy"] = 0.9 }).State;

        Assert.Equal(0.9, Assert.Single(StudyViewBuilder.Best(state)).Metrics["test_accuracy"]);
        Assert.Equal([false, true, false], StudyViewBuilder.Trials(state).Select(t => t.Metrics.ContainsKey("test_accuracy")));
    }

    [Fact]
    public void With_several_objectives_the_best_are_the_front_in_the_order_of_the_first()
    {
        var journal = new Journal(
            """
            name: hills
            objectives: [ { kind: function, name: zdt1, metric: f1, direction: maximize }, { metric: f2 } ]
            parameters:
              x1: { type: float, low: -5, high: 10 }
              x2: { type: float, low: 0, high: 15 }
            constraints: [ f2 <= 4 ]
            strategy: { name: random, seed: 42 }
            budget: { trials: 3 }
            """);
        foreach (var (number, (f1, f2)) in new[] { (1.0, 1.0), (2, 2), (0.5, 3), (9, 5) }.Index())
        {
            journal.Suggest(number).Begin(number).Add(new TrialCompleted(number, 1, f1, [], new Dictionary<string, double> { ["f1"] = f1, ["f2"] = f2 }, null));
        }

        Assert.Equal([1, 0], StudyViewBuilder.Best(journal.State).Select(b => b.Number));
        Assert.Equal([2.0, 2.0], StudyViewBuilder.Best(journal.State)[0].Values);
        Assert.Equal(["f2 <= 4: 1"], StudyViewBuilder.Trials(journal.State)[3].Violations!.Select(v => $"{v.Key}: {v.Value}"));
        Assert.Equal("f1 Maximize, f2 Minimize", string.Join(", ", StudyViewBuilder.Study(journal.State).Objectives.Select(o => $"{o.Metric} {o.Direction}")));
    }

    [Fact]
    public void A_trial_that_is_not_complete_has_no_value()
    {
        var trials = StudyViewBuilder.Trials(new Journal().Trial(0, 1).Suggest(1).Begin(1).Diverge(1).Suggest(2).State);

        Assert.Equal([1.0, null, null], trials.Select(t => t.Value));
        Assert.Equal("the loss became NaN", trials[1].Reason);
        Assert.Equal((0, null, null), (trials[2].Attempts, trials[2].Worker, trials[2].StartedAt));
    }

    [Fact]
    public async Task The_store_serves_the_highest_instance_of_a_name()
    {
        var gateway = new StoreGateway(new Journals(new() { ["hills.1.aaaaaaaa"] = Journal.Whole().Events, ["hills.2.bbbbbbbb"] = new Journal().Trial(0, 7).Events }), Study.Apply);

        var study = Assert.Single(await gateway.Studies(default));
        Assert.Equal(7, Assert.Single(study.Best).Value);
        Assert.Single((await gateway.Trials("hills", default))!);
        Assert.Empty((await gateway.Audit("hills", default))!.Faults);
        Assert.Null(await gateway.Show("valleys", default));
        Assert.Null(await gateway.Trials("valleys", default));
        Assert.Null(await gateway.Audit("valleys", default));
        Assert.False(await gateway.Delete("valleys", default));
    }

    [Fact]
    public async Task Deleting_takes_every_instance()
    {
        var journals = new Journals(new() { ["hills.1.aaaaaaaa"] = Journal.Whole().Events, ["hills.2.bbbbbbbb"] = Journal.Whole().Events, ["hill.1.cccccccc"] = [] });

        Assert.True(await new StoreGateway(journals, Study.Apply).Delete("hills", default));
        Assert.Equal(["hill.1.cccccccc"], await journals.StudyIds(default));
    }

    private static string Word(Journal journal) => StudyViewBuilder.StateWord(journal.State);

    private sealed class Journals(Dictionary<string, IReadOnlyList<StudyEvent>> journals) : IStudyJournals
    {
        public Task<IReadOnlyList<string>> StudyIds(CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([.. journals.Keys]);

        public Task<IReadOnlyList<StudyEvent>> Events(string id, CancellationToken cancel) => Task.FromResult(journals[id]);

        public Task<(StudyState Before, IReadOnlyList<StudyEvent> Events)> Carry(string id, StudyCommand command, CancellationToken cancel) =>
            throw new NotSupportedException("Nothing is written here.");

        public Task Delete(string id, CancellationToken cancel)
        {
            journals.Remove(id);
            return Task.CompletedTask;
        }
    }
}
