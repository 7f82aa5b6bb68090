using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Outcomes;

/// <summary>What the user can correct: exit 2, on stderr, and nothing is left behind.</summary>
public sealed class BadInputTests : ProcessTests
{
    [Fact]
    public async Task A_bad_study_file_is_told_with_its_place_by_run_and_check_alike()
    {
        var workspace = NewWorkspace();
        workspace.Write("bad.yaml", "version: 1\nname: bad\nobjective: { kind: function, name: branin }\nparameters:\n  x1: { type: flaot, low: 0, high: 1 }\nbudget: { trials: -3 }\n");
        workspace.Write("empty.yaml", "");
        foreach (var verb in (string[])["run", "check"])
        {
            var bad = (await workspace.Tuning(verb, "bad.yaml")).MustEndWith(2);
            Assert.Contains("bad.yaml:5:", bad.Error, StringComparison.Ordinal);
            Assert.Contains("float", bad.Error, StringComparison.Ordinal);
            Assert.Contains("bad.yaml:6:", bad.Error, StringComparison.Ordinal);
            Assert.Contains("empty.yaml:1:1", (await workspace.Tuning(verb, "empty.yaml")).MustEndWith(2).Error, StringComparison.Ordinal);
            Assert.Contains("missing.yaml", (await workspace.Tuning(verb, "missing.yaml")).MustEndWith(2).Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(workspace.StoreDirectory));
    }

    [Fact]
    public async Task Missing_data_is_told_and_leaves_no_store()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 3, epochs: 1);
        File.Delete(workspace.PathOf("rings.csv"));
        Assert.Contains("rings.csv", (await workspace.Tuning("run", file)).MustEndWith(2).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.StoreDirectory));
    }

    [Fact]
    public async Task An_unknown_study_is_told_with_the_nearest_name()
    {
        var workspace = NewWorkspace();
        (await workspace.Tuning("run", StudyFiles.Function(workspace, trials: 3))).MustEndWith(0);
        foreach (var verb in (string[])["best", "trials", "show", "audit", "delete"])
        {
            var unknown = (await workspace.Tuning(verb, "branim")).MustEndWith(2);
            Assert.Contains("did you mean 'branin'", unknown.Error, StringComparison.Ordinal);
            Assert.Equal("", unknown.Out);
        }
    }

    [Theory]
    [InlineData("run", "branin.yaml", "--trails", "3")]
    [InlineData("run", "branin.yaml", "--parallel", "0")]
    [InlineData("run", "branin.yaml", "--trials", "many")]
    [InlineData("run")]
    [InlineData("trials", "branin", "-o", "xml")]
    [InlineData("dance")]
    [InlineData]
    public async Task A_wrong_command_line_ends_with_2(params string[] arguments)
    {
        var workspace = NewWorkspace();
        StudyFiles.Function(workspace, trials: 3);
        var wrong = (await workspace.Tuning(arguments)).MustEndWith(2);
        Assert.NotEqual("", wrong.Error);
        Assert.False(Directory.Exists(workspace.StoreDirectory));
    }
}
