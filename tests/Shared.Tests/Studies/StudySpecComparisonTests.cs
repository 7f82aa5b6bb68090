using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

public sealed class StudySpecComparisonTests
{
    private static readonly StudySpec Journalled = Resolved(StudyFileTests.Digits);

    [Theory]
    [InlineData("trials: 100,", "trials: 200,")]
    [InlineData("time: 2m", "time: 3m")]
    [InlineData("trials: auto", "trials: 4")]
    [InlineData("attempts: 3", "attempts: 1")]
    [InlineData("enqueue: [ { learning_rate: 0.001, layers: 2, width: 64 } ]", "enqueue: [ { layers: 3 } ]")]
    [InlineData(", seed: 42 }", " }")]
    [InlineData("  task: classification\n", "")]
    [InlineData("data/digits.csv.gz", "elsewhere/digits.csv.gz")]
    [InlineData("[sgd, adam]", "[adam, sgd]")]
    [InlineData("[sgd, adam]", "[sgd, adam, lion]")]
    [InlineData("low: 1, high: 4", "low: 0, high: 5")]
    [InlineData("epochs: 30", "epochs: 30\n  width: ~\n  beta1: 0.9")]
    public void Free_parts_may_change(string was, string @is) => Assert.Empty(Changes(was, @is));

    [Theory]
    [InlineData("low: 1e-4, high: 1.0", "low: 0.001, high: 1.0", "parameters.learning_rate: was float 0.0001 to 1 (log), is float 0.001 to 1 (log); low may be at most 0.0001")]
    [InlineData("low: 1, high: 4", "low: 1, high: 3", "parameters.layers: was int 1 to 4, is int 1 to 3; high may be at least 4")]
    [InlineData("when: { optimizer: sgd }", "when: { optimizer: adam }", "parameters.momentum: was float 0 to 0.99 when optimizer is sgd, is float 0 to 0.99 when optimizer is adam; its conditions stay")]
    [InlineData("  batch_size:    { type: categorical, choices: [16, 32, 64, 128] }\n", "  beta1: { type: float, low: 0.5, high: 0.9 }\n", "parameters.batch_size: was categorical [16, 32, 64, 128], is absent; a parameter may become wider, not leave")]
    [InlineData("seed: 42", "seed: 43", "strategy.seed: was 42, is 43")]
    [InlineData("name: random", "name: grid", "strategy.name: was random, is grid")]
    [InlineData("epochs: 30", "epochs: 31", "model.epochs: was 30, is 31")]
    [InlineData("epochs: 30", "epochs: 30\n  beta1: 0.8", "model.beta1: was 0.9, is 0.8")]
    [InlineData("loss: cross_entropy", "loss: hinge", "model.loss: was cross_entropy, is hinge")]
    [InlineData("target: label", "target: digit", "data.target: was label, is digit")]
    [InlineData("seed: 7", "seed: 8", "data.split.seed: was 7, is 8")]
    [InlineData("test: 0.2", "test: 0.1", "data.split.test: was 0.2, is 0.1")]
    [InlineData("validation: 0.2", "folds: 5", "data.split.folds: was absent, is 5")]
    [InlineData("scale: standard", "scale: standard\n  one_hot_max_size: 8", "data.one_hot_max_size: was 32, is 8")]
    [InlineData("scale: standard", "scale: none", "data.scale: was standard, is none")]
    [InlineData("metric: validation_loss", "metric: training_loss", "objective.metric: was validation_loss, is training_loss")]
    [InlineData("direction: minimize", "direction: maximize", "objective.direction: was minimize, is maximize")]
    [InlineData("objective: { metric: validation_loss, direction: minimize }", "objective: { metric: validation_loss, direction: minimize }\nconstraints: [ seconds <= 3, layers <= 3 ]", "constraints: was absent, is layers <= 3; seconds <= 3")]
    [InlineData(", time: 10m, target: 0.05, patience: 40, failures: 10 }", " }\nreproducible: { mode: strict, window: 4 }", "reproducible: was best_effort, is strict with window 4")]
    public void Fixed_parts_may_not(string was, string @is, params string[] expected) => Assert.Equal(expected, Changes(was, @is));

    [Fact]
    public void Another_target_in_the_list_is_another_study()
    {
        var file = Journalled with { Data = Journalled.Data! with { Targets = ["label", "digit"] } };

        Assert.Equal("data.target: was label, is label, digit", Assert.Single(StudySpecComparison.FixedPartChanges(Journalled, file)));
    }

    [Fact]
    public void Other_data_is_noticed_by_its_hash()
    {
        var file = Journalled with { Data = Journalled.Data! with { Sha256 = new string('b', 64) } };

        Assert.Equal(
            "data: the contents of data/digits.csv.gz changed (SHA-256 was aaaaaaaaaaaa…, is bbbbbbbbbbbb…)",
            Assert.Single(StudySpecComparison.FixedPartChanges(Journalled, file)));
    }

    private static IReadOnlyList<string> Changes(string was, string @is)
    {
        var text = StudyFileTests.Digits.ReplaceLineEndings("\n");
        Assert.Contains(was, text, StringComparison.Ordinal);
        text = text.Replace(was, @is);
        if (@is.Contains("reproducible", StringComparison.Ordinal))
        {
            text = text.Replace("\nreproducible: best_effort", "");
        }

        if (@is.Contains("grid", StringComparison.Ordinal))
        {
            var spec = Resolved(StudyFileTests.Digits);
            return StudySpecComparison.FixedPartChanges(Journalled, spec with { Strategy = spec.Strategy with { Name = "grid" } });
        }

        return StudySpecComparison.FixedPartChanges(Journalled, StudyFile.Parse(text, "a.yaml").SpecOrThrow());
    }

    private static StudySpec Resolved(string text)
    {
        var spec = StudyFile.Parse(text, "a.yaml").SpecOrThrow();
        return spec with { Data = spec.Data! with { Sha256 = new string('a', 64) } };
    }
}
