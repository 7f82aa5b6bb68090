using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

public sealed class StudyFileTests
{
    /// <summary>The design's example without what a later release brings.</summary>
    internal const string Digits = """
        # yaml-language-server: $schema=./study.schema.json
        version: 1
        name: digits
        data:
          source: data/digits.csv.gz
          target: label
          task: classification
          split: { validation: 0.2, test: 0.2, seed: 7, stratify: true }
          scale: standard
        objective: { metric: validation_loss, direction: minimize }
        model:
          loss: cross_entropy
          epochs: 30
        parameters:
          learning_rate: { type: float, low: 1e-4, high: 1.0, log: true }
          layers:        { type: int, low: 1, high: 4 }
          width:         { type: int, low: 8, high: 256, log: true }
          batch_size:    { type: categorical, choices: [16, 32, 64, 128] }
          activation:    { type: categorical, choices: [sigmoid, tanh, relu] }
          optimizer:     { type: categorical, choices: [sgd, adam] }
          momentum:      { type: float, low: 0.0, high: 0.99, when: { optimizer: sgd } }
        enqueue: [ { learning_rate: 0.001, layers: 2, width: 64 } ]
        strategy: { name: random, seed: 42 }
        stopping: none
        budget:   { trials: 100, time: 10m, target: 0.05, patience: 40, failures: 10 }
        limits:   { time: 2m, memory: 1GiB }
        parallel: { trials: auto, threads: 1 }
        retry:    { attempts: 3 }
        reproducible: best_effort
        """;

    [Fact]
    public void Reads_every_section_of_the_example()
    {
        var parsed = StudyFile.Parse(Digits, "digits.yaml");

        Assert.Empty(parsed.Errors);
        var spec = parsed.SpecOrThrow();
        Assert.Equal("digits", spec.Name);
        Assert.Equal(
            new DataSpec("data/digits.csv.gz", null, ["label"], LearningTask.Classification, new SplitSpec(0.2, 0.2, 7, true), ScaleMethod.Standard),
            spec.Data);
        Assert.Equal(new ObjectiveSpec(ObjectiveKind.Network, "validation_loss", Direction.Minimize, null), spec.Objective);
        Assert.Equal(ParameterValue.Int(30), spec.Model["epochs"]);
        Assert.Equal(new FloatParameter("learning_rate", 1e-4, 1, true, null, null, []), spec.Space.Parameters[0]);
        Assert.Equal(new IntParameter("width", 8, 256, true, 1, null, []), spec.Space.Parameters[2]);
        Assert.Equal(new Condition("optimizer", [ParameterValue.Text("sgd")]), Assert.Single(spec.Space.Parameters[6].When));
        Assert.Equal("learning_rate=0.001 layers=2 width=64", Assert.Single(spec.Enqueue).ToString());
        Assert.Equal(("random", 42L), (spec.Strategy.Name, spec.Strategy.Seed));
        Assert.Equal(new BudgetSpec(100, TimeSpan.FromMinutes(10), 0.05, 40, 10), spec.Budget);
        Assert.Equal(new LimitsSpec(TimeSpan.FromMinutes(2), 1L << 30), spec.Limits);
        Assert.Equal(new ParallelSpec(null, 1), spec.Parallel);
        Assert.Equal(new RetrySpec(3), spec.Retry);
        Assert.Equal(new ReproducibleSpec(null), spec.Reproducible);
    }

    [Fact]
    public void Journal_text_reads_back_equal()
    {
        var spec = StudyFile.Parse(Digits, "digits.yaml").SpecOrThrow();

        var text = StudyFile.Write(spec);

        var again = StudyFile.Parse(text, "journal");
        Assert.Empty(again.Errors);
        Assert.Equal(spec, again.Spec);
        Assert.Equal(text, StudyFile.Write(again.Spec!));
        System.Text.Json.JsonDocument.Parse(text).Dispose();
    }

    [Theory]
    [InlineData("target: [y, z]", LearningTask.Regression, "y", "z")]
    [InlineData("target: [y]", null, "y")]
    [InlineData("target: 3", null, "3")]
    public void Reads_one_target_or_several(string target, LearningTask? task, params string[] expected)
    {
        var spec = StudyFile.Parse(
            $"name: a\ndata: {{ source: a.csv, {target} }}\nparameters: {{ width: {{ type: int, low: 4, high: 8 }} }}\nbudget: {{ trials: 5 }}\n", "a.yaml").SpecOrThrow();
        Assert.Equal(expected, spec.Data!.Targets);
        Assert.Equal(task, spec.Data.Task);
        Assert.Equal(task is null, spec.Data.Split.Stratify);
        Assert.Equal(spec, StudyFile.Parse(StudyFile.Write(spec), "journal").Spec);
    }

    [Fact]
    public void The_labels_of_an_idx_pair_need_not_be_named()
    {
        var text = Digits.Replace("data/digits.csv.gz", "train-images-idx3-ubyte.gz").Replace("  target: label\n", "");
        var spec = StudyFile.Parse(text, "a.yaml").SpecOrThrow();
        Assert.Empty(spec.Data!.Targets);
        Assert.Equal(spec, StudyFile.Parse(StudyFile.Write(spec), "journal").Spec);

        var resolved = spec with { Data = spec.Data with { Targets = ["label"] } };
        Assert.Empty(StudySpecComparison.FixedPartChanges(resolved, spec));
    }

    [Fact]
    public void Folds_take_the_place_of_a_validation_share()
    {
        var spec = StudyFile.Parse(Digits.Replace("validation: 0.2, test: 0.2", "folds: 5, test: 0.1"), "a.yaml").SpecOrThrow();
        Assert.Equal(new SplitSpec(0, 0.1, 7, true, 5), spec.Data!.Split);
        Assert.Equal(spec, StudyFile.Parse(StudyFile.Write(spec), "journal").Spec);
    }

    [Fact]
    public void Fills_in_every_default()
    {
        var spec = StudyFile.Parse("""
            name: a
            data: { source: a.csv, target: y }
            parameters: { learning_rate: { type: float, low: 1, high: 2 } }
            budget: { trials: 5 }
            """, "a.yaml").SpecOrThrow();

        Assert.Equal(new DataSpec("a.csv", null, ["y"], null, new SplitSpec(0.2, 0.2, 0, true), ScaleMethod.Standard), spec.Data);
        Assert.Equal(new ObjectiveSpec(ObjectiveKind.Network, "validation_loss", Direction.Minimize, null), spec.Objective);
        Assert.Equal(("random", (long?)null), (spec.Strategy.Name, spec.Strategy.Seed));
        Assert.Equal(new BudgetSpec(5, null, null, null, null), spec.Budget);
        Assert.Equal(new RetrySpec(3), spec.Retry);
        Assert.Equal(
            ModelSettings.All.Where(s => s.Default is not null && s.Name != "learning_rate").Select(s => s.Name).Order(), spec.Model.Keys.Order());
        Assert.Equal(new FloatParameter("learning_rate", 1, 2, false, null, null, []), spec.Space.Parameters[0]);
    }

    [Theory]
    [InlineData("objective: { kind: function, name: branin }", Direction.Minimize)]
    [InlineData("objective: { kind: function, name: branin, direction: maximize }", Direction.Maximize)]
    public void Function_objective_needs_no_data(string objective, Direction direction)
    {
        var spec = StudyFile.Parse(
            $"name: f\n{objective}\nparameters: {{ x1: {{ type: float, low: -5, high: 10 }}, x2: {{ type: float, low: 0, high: 15 }} }}\nbudget: {{ trials: 3 }}",
            "f.yaml").SpecOrThrow();

        Assert.Equal(new ObjectiveSpec(ObjectiveKind.Function, "value", direction, "branin"), spec.Objective);
        Assert.Null(spec.Data);
        Assert.Empty(spec.Model);
        Assert.Equal(spec, StudyFile.Parse(StudyFile.Write(spec), "journal").Spec);
    }

    [Fact]
    public void Accuracy_is_maximized_when_nothing_else_is_said()
    {
        var spec = StudyFile.Parse(Digits.Replace("metric: validation_loss, direction: minimize", "metric: validation_accuracy"), "a.yaml").SpecOrThrow();

        Assert.Equal(Direction.Maximize, spec.Objective.Direction);
    }

    [Fact]
    public void Grid_without_a_budget_has_no_number_of_trials()
    {
        var spec = StudyFile.Parse("""
            name: g
            objective: { kind: function, name: sphere }
            parameters: { x1: { type: float, low: 0, high: 1, points: 5 } }
            strategy: grid
            """, "g.yaml").SpecOrThrow();

        Assert.Null(spec.Budget.Trials);
        Assert.Equal("grid", spec.Strategy.Name);
        Assert.Equal(spec, StudyFile.Parse(StudyFile.Write(spec), "journal").Spec);
    }

    [Fact]
    public void A_large_study_reads_back()
    {
        var parameters = string.Concat(Enumerable.Range(0, 300).Select(i => $"  x{i}: {{ type: categorical, choices: [{string.Join(", ", Enumerable.Range(0, 50))}] }}\n"));
        var enqueue = string.Concat(Enumerable.Range(0, 200).Select(i => $"  - {{ x{i}: {i % 50} }}\n"));
        var spec = StudyFile.Parse(
            $"name: large\nobjective: {{ kind: function, name: sphere }}\nbudget: {{ trials: 1 }}\nparameters:\n{parameters}enqueue:\n{enqueue}", "large.yaml").SpecOrThrow();

        Assert.Equal(spec, StudyFile.Parse(StudyFile.Write(spec), "journal").SpecOrThrow());
    }

    [Fact]
    public void Strict_keeps_its_window()
    {
        var text = Digits.Replace("reproducible: best_effort", "reproducible: { mode: strict, window: 8 }").Replace(" time: 10m, target: 0.05, patience: 40, failures: 10", "");

        Assert.Equal(new ReproducibleSpec(8), StudyFile.Parse(text, "a.yaml").SpecOrThrow().Reproducible);
    }
}
