using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Studies;

public sealed class BacklogTests
{
    private const string Parameters = "parameters: { x: { type: float, low: 0, high: 1, points: 5 } }\n";

    [Theory]
    [InlineData("objective: { kind: function, name: sphere }\nbudget: { trials: 7 }", 7)]
    [InlineData("objective: { kind: function, name: sphere }\nbudget: { trials: 7 }\nparallel: { trials: 3 }", 3)]
    [InlineData("objective: { kind: function, name: sphere }\nbudget: { time: 1m }", Backlog.Most)]
    [InlineData("objective: { kind: function, name: sphere }\nbudget: { trials: 100000 }", Backlog.Most)]
    [InlineData("objective: { kind: function, name: sphere }\nstrategy: grid", 5)]
    [InlineData("objective: { kind: external }\nbudget: { trials: 7 }", 0)]
    public void Is_what_would_start_at_once(string lines, int pending)
    {
        var state = Study.Apply(null, new StudyCreated("a.1.00000000", StudyFile.Parse($"name: a\n{Parameters}{lines}\n", "a.yaml").SpecOrThrow()));

        Assert.Equal(pending, Backlog.Of(state));
        Assert.Equal(0, Backlog.Of(Study.Apply(state, new StudyPaused("user"))));
    }
}
