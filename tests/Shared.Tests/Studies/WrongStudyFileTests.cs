using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

/// <summary>Each wrong file gives exactly the faults expected, each at its place.</summary>
public sealed class WrongStudyFileTests
{
    private const string Data = "data: { source: a.csv, target: y }\n";
    private const string Rate = "parameters: { learning_rate: { type: float, low: 1e-4, high: 1 } }\n";
    private const string Budget = "budget: { trials: 5 }\n";

    /// <summary>Line 1 the name, line 2 data, line 3 budget; what is tried starts on line 4.</summary>
    private const string Head = "name: a\n" + Data + Budget;

    /// <summary>Like <see cref="Head"/> with one parameter on line 4; what is tried starts on line 5.</summary>
    private const string Sound = Head + Rate;

    [Theory]
    [InlineData("", "1:1 the file is empty")]
    [InlineData("\n# nothing\n", "1:1 the file is empty")]
    [InlineData("---\n...\n", "1:1 the file is empty")]
    [InlineData("just words", "1:1 a study file is a mapping of keys, not 'just words'")]
    [InlineData("- a\n- b\n", "1:1 a study file is a mapping of keys, not a list")]
    [InlineData("name: a\n  b: c\n", "2:4 not valid YAML")]
    [InlineData("name: [a\n", "2:1 not valid YAML")]
    [InlineData("name: a\ndata:\n\tsource: b\n", "3:1 not valid YAML: a tab indents this line | indent with blanks")]
    [InlineData(Sound + "---\nname: b\n", "5:1 not valid YAML: a study file is one document")]
    [InlineData("name: *nobody\n", "1:7 not valid YAML: the alias 'nobody' names no anchor")]
    public void Files_that_are_no_study_at_all(string text, params string[] expected) => Expect(text, expected);

    [Theory]
    [InlineData("reevaluate: {}\n")]
    [InlineData("reevaluate: { top: 1, seeds: 100 }\n")]
    [InlineData("reevaluate: 5\n", "5:13 reevaluate is a mapping, not '5' | reevaluate: { top: 5, seeds: 3 }")]
    [InlineData("reevaluate: { top: 0, seeds: 101 }\n", "5:20 top must be at least 1, not 0", "5:30 seeds may be at most 100, not 101")]
    [InlineData("reevaluate: { best: 3 }\n", "5:15 'best' is no key of reevaluate")]
    [InlineData("objectives: [ { metric: validation_loss }, { metric: parameters_count } ]\nreevaluate: {}\n", "6:1 with several objectives no trial is the best whose value could be luck")]
    public void Reevaluations(string text, params string[] expected) => Expect(Sound + text, expected);

    [Theory]
    [InlineData("warm_start: a\n", "5:13 warm_start is a mapping, not 'a' | warm_start: { study: my-earlier-study }")]
    [InlineData("strategy: tpe\nwarm_start: { csv: t.csv }\n")]
    [InlineData("strategy: tpe\nwarm_start: { study: earlier }\n")]
    [InlineData("strategy: tpe\nwarm_start: {}\n", "6:1 warm_start names nothing to start from | warm_start: { study: my-earlier-study }, or warm_start: { csv: trials.csv }")]
    [InlineData("strategy: tpe\nwarm_start: { csv: t.csv, study: b }\n", "6:1 warm_start names a study and a table; it takes one of the two")]
    [InlineData("strategy: tpe\nwarm_start: { study: a }\n", "6:15 a study cannot start from itself | give one of the two another name")]
    [InlineData("strategy: tpe\nwarm_start: { file: a }\n", "6:1 warm_start names nothing to start from", "6:15 'file' is no key of warm_start")]
    [InlineData("warm_start: { study: b }\n", "5:1 random learns nothing from trials | strategy: one of bayesian, tpe, cmaes, metropolis, nsga2, auto; or leave warm_start out")]
    public void Warm_starts(string text, params string[] expected) => Expect(Sound + text, expected);

    [Theory]
    [InlineData("version: 1\n", "1:1 name is missing", "1:1 data is missing", "1:1 parameters is missing", "1:1 budget is missing")]
    [InlineData("name: a\nstrategy: grid\n" + Data, "1:1 parameters is missing")]
    [InlineData("name:\n" + Data + Budget + Rate, "1:1 name is missing")]
    [InlineData(Sound + "nam: b\n", "5:1 'nam' is no key of a study file | did you mean 'name'?")]
    [InlineData(Sound + "name: b\n", "5:1 'name' stands twice; the first is on line 1")]
    [InlineData(Sound + "version: 2\n", "5:10 version 2 was written for a newer program")]
    [InlineData(Sound + "version: 0\n", "5:10 there is no version 0")]
    [InlineData(Sound + "version: one\n", "5:10 version is a whole number, not 'one'")]
    [InlineData("name: My Study\n" + Data + Budget + Rate, "1:7 'My Study' is no study name | name: my-study")]
    [InlineData("name: -a\n" + Data + Budget + Rate, "1:7 '-a' is no study name | name: a")]
    [InlineData("name: [a]\n" + Data + Budget + Rate, "1:7 name is a text, not a list")]
    [InlineData("name: a123456789012345678901234567890123456789012345678901234567890123\n" + Data + Budget + Rate, "1:7 at most 63")]
    public void Names_and_keys_of_the_whole_file(string text, params string[] expected) => Expect(text, expected);

    [Theory]
    [InlineData("data: a.csv", "2:7 data is a mapping, not 'a.csv'")]
    [InlineData("data: {}", "2:1 source is missing", "2:1 target is missing")]
    [InlineData("data: { source: a.csv }", "2:1 target is missing")]
    [InlineData("data: { sorce: a.csv, target: y }", "2:1 source is missing", "2:9 'sorce' is no key of data | did you mean 'source'?")]
    [InlineData("data: { source: a.csv, target: y, task: classify }", "2:41 'classify' is no task | one of classification, regression")]
    [InlineData("data: { source: a.csv, target: y, scale: standart }", "2:42 'standart' is no scale | did you mean 'standard'?")]
    [InlineData("data: { source: a.csv, target: y, split: { validation: 0 } }", "2:56 validation is a share of the rows in (0, 1), not 0")]
    [InlineData("data: { source: a.csv, target: y, split: { validation: 0.5, test: 0.5 } }", "2:35 leave nothing to train on")]
    [InlineData("data: { source: a.csv, target: y, split: { test: -0.1 } }", "2:50 test is a share of the rows in [0, 1), not -0.1")]
    [InlineData("data: { source: a.csv, target: y, split: { seed: -1 } }", "2:50 seed must be at least 0, not -1")]
    [InlineData("data: { source: a.csv, target: y, split: { seed: 1.5 } }", "2:50 seed is a whole number, not '1.5'")]
    [InlineData("data: { source: a.csv, target: y, split: { stratify: yes } }", "2:54 stratify is true or false, not 'yes'")]
    [InlineData("data: { source: a.csv, target: y, task: regression, split: { stratify: true } }", "2:72 regression has none")]
    [InlineData("data: { source: a.csv, target: [] }", "2:32 target is an empty list | target: the name of the column to predict @data.target")]
    [InlineData("data: { source: a.csv, target: [y, y] }", "2:36 the target 'y' stands twice @data.target[1]")]
    [InlineData("data: { source: a.csv, target: [y, [z], ~] }", "2:36 a target is the name of a column, not a list", "2:41 a target is the name of a column, not nothing")]
    [InlineData("data: { source: a.csv, target: [y, z], task: classification }", "2:46 2 targets are a regression: a classification has one target | task: regression, or one target")]
    [InlineData("data: { source: a.csv, target: [y, z], split: { stratify: true } }", "2:59 regression has none")]
    [InlineData("data: { source: a.csv, target: { a: b } }", "2:32 target is a text, not a mapping")]
    [InlineData("data: { source: a.csv, target: y, one_hot_max_size: -1 }", "2:53 one_hot_max_size must be at least 0, not -1")]
    [InlineData("data: { source: a.csv, target: y, one_hot_max_size: 1001 }", "2:53 one_hot_max_size may be at most 1000, not 1001")]
    [InlineData("data: { source: a.csv, target: y, folds: 5 }", "2:35 'folds' is no key of data")]
    [InlineData("data: { source: a.csv, target: y, split: { folds: 1 } }", "2:51 folds must be at least 2, not 1")]
    [InlineData("data: { source: a.csv, target: y, split: { folds: 5, validation: 0.2 } }", "2:66 with folds every row outside the test part validates once | leave out one of folds and validation")]
    [InlineData("data: { source: a.csv, target: y, split: { folds: 5, test: 1 } }", "2:60 test is a share of the rows in [0, 1), not 1")]
    [InlineData("data: { source: a.parquet, target: y }")]
    [InlineData("data: { source: [a-images-idx3-ubyte, b], target: y }", "2:17 the labels of an idx pair are found beside its images")]
    [InlineData("data: { source: t10k-images-idx3-ubyte.gz }")]
    [InlineData("data: { source: t10k-images-idx3-ubyte.gz, target: label, images: a }", "2:59 the images of an idx pair are the source")]
    [InlineData("data: { source: a.csv, target: y, sha256: abc }", "2:43 sha256 is 64 hexadecimal digits")]
    public void Data_section(string line, params string[] expected) => Expect($"name: a\n{line}\n{Budget}{Rate}", expected);

    [Theory]
    [InlineData("objective: validation_loss", "5:12 objective is a mapping")]
    [InlineData("objective: { metric: validation_los }", "5:22 'validation_los' is no metric | did you mean 'validation_loss'?")]
    [InlineData("objective: { metric: validation_loss, direction: min }", "5:50 'min' is no direction | one of minimize, maximize")]
    [InlineData("objective: { kind: command, run: [python3, train.py], metric: loss }", "5:20 the command objective is not in this release")]
    [InlineData("objective: { kind: external }", "2:1 an external objective has no data | leave it out")]
    [InlineData("objective: { kind: functoin, name: branin }", "5:20 'functoin' is no kind | did you mean 'function'?")]
    [InlineData("objective: { name: branin }", "5:14 name belongs to a function objective | kind: function")]
    [InlineData("model: { loss: mse }\nobjective: { kind: function, name: sphere }", "2:1 a function objective has no data", "5:1 a function objective has no model")]
    [InlineData("model: { los: mse }", "5:10 'los' is no key of model | did you mean 'loss'?")]
    [InlineData("model: { layers: 1.5 }", "5:18 layers: '1.5' is not a whole number")]
    [InlineData("model: { layers: 65 }", "5:18 layers: 65 is outside [0, 64]")]
    [InlineData("model: { loss: cross_entrpy }", "5:16 loss: 'cross_entrpy' is not one of | did you mean 'cross_entropy'?")]
    [InlineData("model: { activation: gelo }", "5:22 activation: 'gelo' is not one of | did you mean 'gelu'?")]
    [InlineData("model: { dropout: 1 }", "5:19 dropout: 1 is outside [0, 0.99]")]
    [InlineData("model: { batch_norm: true }", "5:10 write normalization: batch")]
    [InlineData("model: { residual: 1 }", "5:20 residual: '1' is not true or false")]
    [InlineData("model: { widths: [64, 0] }", "5:18 widths: '64-0' is no list of 1 to 64 widths")]
    [InlineData("model: { widths: [64, 70000] }", "5:18 widths: '64-70000' has a width above 65536")]
    [InlineData("model: { widths: [64, 32], layers: 2 }", "5:28 widths says every layer, and layers says it again | leave layers out")]
    [InlineData("model: { class_weights: balanced, loss: mse }", "5:25 class_weights has no effect with the loss mse")]
    [InlineData("objective: { repeats: 0 }", "5:23 repeats must be at least 1, not 0")]
    [InlineData("model: { epochs: [1, 2] }", "5:18 epochs has one value here, not a list")]
    [InlineData("model: { epochs: 0x10 }", "5:18 0x10 is no number a study can use")]
    [InlineData("model: { weight_decay: .inf }", "5:24 .inf is no number a study can use")]
    [InlineData("model: { learning_rate: 0.1 }", "4:15 'learning_rate' is also fixed in model, on line 5")]
    [InlineData("objective: { metric: test_accuracy }", "5:22 test_accuracy is not known after every epoch")]
    public void Objective_and_model(string lines, params string[] expected) => Expect(Sound + lines + "\n", expected);

    [Theory]
    [InlineData("regression", "model: { loss: cross_entropy }", "5:16 cross_entropy is a loss of classification, and the task is regression | one of mse, mae")]
    [InlineData("regression", "model: { loss: hinge }", "5:16 hinge is a loss of classification")]
    [InlineData("classification", "model: { loss: mae }")]
    [InlineData("classification", "model: { loss: mse }")]
    [InlineData("regression", "objective: { metric: validation_accuracy }", "5:22 validation_accuracy is a metric of classification, and the task is regression")]
    [InlineData("classification", "objective: { metric: validation_mae }", "5:22 validation_mae is a metric of regression")]
    public void What_does_not_go_with_the_task(string task, string line, params string[] expected) =>
        Expect($"name: a\ndata: {{ source: a.csv, target: y, task: {task} }}\n{Budget}{Rate}{line}\n", expected);

    [Theory]
    [InlineData("learning_rte: { type: float, low: 0.1, high: 1 }", "5:3 'learning_rte' is no setting of the network | did you mean 'learning_rate'?")]
    [InlineData("widths: { type: int, low: 1, high: 2 }", "5:19 widths cannot be int: it is a list of widths | type: categorical, choices: [256-64, 128]")]
    [InlineData("width: 8", "5:3 width is a mapping, not '8'")]
    [InlineData("width: [8, 16]", "5:3 width is a mapping, not a list | width: { type: categorical, choices: [...] }")]
    [InlineData("width: { low: 1, high: 2 }", "5:3 the type of width is missing | type: float or int")]
    [InlineData("width: { type: integer, low: 1, high: 2 }", "5:18 'integer' is no type")]
    [InlineData("width: { type: int, low: 1, hihg: 2 }", "5:3 high is missing", "5:31 'hihg' is no key of parameters.width | did you mean 'high'?")]
    [InlineData("width: { type: int }", "5:3 low is missing", "5:3 high is missing")]
    [InlineData("width: { type: int, low: 1.5, high: 2 }", "5:28 low is a whole number, not '1.5'")]
    [InlineData("width: { type: int, low: 8, high: 8 }", "5:28 low 8 is not below high 8 | a single value belongs under model")]
    [InlineData("width: { type: int, low: 9, high: 8 }", "5:28 low 9 is not below high 8 | exchange them")]
    [InlineData("width: { type: int, low: 0, high: 8, log: true }", "5:28 with log, low must be at least 1, not 0", "5:28 width: 0 is outside [1, 65536]")]
    [InlineData("width: { type: int, low: 1, high: 8, log: true, step: 2 }", "5:57 log and step exclude each other")]
    [InlineData("width: { type: int, low: 1, high: 8, step: 0 }", "5:46 step must be at least 1, not 0")]
    [InlineData("width: { type: int, low: 1, high: 8, step: 8 }", "5:46 step 8 is wider than the range")]
    [InlineData("width: { type: int, low: 1, high: 99999 }", "5:37 width: 99999 is outside [1, 65536]")]
    [InlineData("width: { type: int, low: 1, high: 8, points: 1 }", "5:48 points must be at least 2, not 1")]
    [InlineData("width: { type: float, low: 1, high: 8 }", "5:18 width cannot be float: it is a whole number | type: int")]
    [InlineData("width: { type: int, low: 1, high: 99999999999999999999 }", "5:37 99999999999999999999 does not fit into 64 bits")]
    [InlineData("width: { type: int, low: \"1\", high: 8 }", "5:28 low is a whole number, not '1' | without quotes: 1")]
    [InlineData("momentum: { type: float, low: 0, high: 0.9, log: true }", "5:33 with log, low must be above 0, not 0")]
    [InlineData("momentum: { type: float, low: 0.1, high: 0.9, log: true, step: 0.1 }", "5:66 log and step exclude each other")]
    [InlineData("momentum: { type: float, low: 0.1, high: 0.9, step: -0.1 }", "5:55 step must be above 0, not -0.1")]
    [InlineData("momentum: { type: float, low: 0.1, high: 0.9, step: 1e-30 }", "5:55 too small for the range")]
    [InlineData("momentum: { type: float, low: 0.1, high: 0.9, step: 0.1, points: 3 }", "5:68 step and points exclude each other")]
    [InlineData("momentum: { type: float, low: 0.1, high: 1.5 }", "5:44 momentum: 1.5 is outside [0, 1]")]
    [InlineData("momentum: { type: float, low: 1, high: 0 }", "5:33 low 1 is not below high 0")]
    [InlineData("momentum: { type: float, low: 0, high: .nan }", "5:42 .nan is no number a study can use")]
    [InlineData("momentum: { type: float, low: 0, high: 1e999 }", "5:42 1e999 is too large for a number")]
    [InlineData("momentum: { type: float, low: 0, high: 1, log: yes }", "5:50 log is true or false, not 'yes'")]
    [InlineData("optimizer: { type: int, low: 1, high: 2 }", "5:22 optimizer cannot be int: it is a word | type: categorical, choices: [sgd, momentum, nesterov, rmsprop, adam, adamw, nadam, lion]")]
    [InlineData("optimizer: { type: categorical }", "5:3 choices is missing")]
    [InlineData("optimizer: { type: categorical, choices: [] }", "5:44 choices is empty")]
    [InlineData("optimizer: { type: categorical, choices: sgd }", "5:44 choices is a list, not 'sgd'")]
    [InlineData("optimizer: { type: categorical, choices: [sgd, sgd] }", "5:50 the choice 'sgd' stands twice")]
    [InlineData("optimizer: { type: categorical, choices: [sgd, adm] }", "5:50 optimizer: 'adm' is not one of | did you mean 'adam'?")]
    [InlineData("optimizer: { type: categorical, choices: [sgd, lyon] }", "5:50 optimizer: 'lyon' is not one of | did you mean 'lion'?")]
    [InlineData("optimizer: { type: categorical, choices: [sgd, ~] }", "5:50 optimizer has one value here, not nothing")]
    [InlineData("optimizer: { type: categorical, choices: [sgd], low: 1 }", "5:51 'low' is no key of parameters.optimizer")]
    [InlineData("batch_size: { type: categorical, choices: [16, 32.5] }", "5:50 batch_size: '32.5' is not a whole number")]
    public void Parameters_section(string line, params string[] expected) => Expect($"{Head}parameters:\n  {line}\n", expected);

    [Theory]
    [InlineData("{ kind: function }", "2:1 name is missing")]
    [InlineData("{ kind: function, name: brannin }", "2:36 'brannin' is no test function | did you mean 'branin'?")]
    [InlineData("{ kind: function, name: branin }", "2:36 branin takes 2 numeric parameters, not 1")]
    [InlineData("{ kind: function, name: rosenbrock }", "2:36 rosenbrock takes at least 2 numeric parameters, not 1")]
    [InlineData("{ kind: function, name: sphere, metric: loss }", "2:52 loss is no objective of sphere | it has one, value: leave it out")]
    [InlineData("{ kind: function, name: zdt1, metric: c1 }", "2:36 zdt1 takes at least 2 numeric parameters, not 1", "2:50 c1 is no objective of zdt1 | one of f1, f2")]
    public void Functions(string objective, params string[] expected) => Expect(
        $"name: a\nobjective: {objective}\nparameters: {{ anything: {{ type: int, low: 1, high: 4 }}, other: {{ type: categorical, choices: [a, b] }} }}\n{Budget}",
        expected);

    [Theory]
    [InlineData("objective: { kind: external, name: branin }", "2:30 name would do nothing | leave it out")]
    [InlineData("objective: { kind: external, repeats: 2 }", "2:30 repeats would do nothing | leave it out")]
    [InlineData("objectives: [ { kind: external, metric: loss }, {} ]", "2:49 metric is missing | metric: seconds")]
    [InlineData("objectives: [ { kind: external, metric: loss }, { metric: loss } ]", "2:49 loss stands twice")]
    [InlineData("objective: { kind: external }\nlimits: { time: 1m }", "3:1 nobody here could end one | leave it out")]
    [InlineData("objective: { kind: external }\nmodel: { epochs: 3 }", "3:1 an external objective has no model | leave it out")]
    [InlineData("objective: { kind: external }\nstopping: asha", "3:1 asha must know the last step of an external trial | stopping: { name: asha, max: 100 }")]
    [InlineData("objective: { kind: external }\nstopping: { name: asha, max: 9, mode: promote }", "3:33 promote sets trials aside | mode: stop")]
    [InlineData("objective: { kind: external }\nstrategy: { name: pbt, population: 4 }", "3:13 pbt copies weights, and those of an external trial are not here | strategy: auto")]
    public void External_objectives(string lines, params string[] expected) => Expect($"name: a\n{lines}\n{Rate}{Budget}", expected);

    [Theory]
    [InlineData("objectives: []\n", "5:13 objectives is a list of objectives, not empty")]
    [InlineData("objectives: { metric: validation_loss }\n", "5:13 objectives is a list of objectives, not a mapping")]
    [InlineData("objective: {}\nobjectives: [ {} ]\n", "5:1 objective and objectives cannot both stand")]
    [InlineData("objectives: [ {}, {} ]\n", "5:19 metric is missing | metric: parameters_count", "5:19 validation_loss stands twice")]
    [InlineData("objectives: [ {}, { metric: validation_loss } ]\n", "5:19 validation_loss stands twice")]
    [InlineData("objectives: [ { metric: seconds }, { metric: validation_loss } ]\n", "5:25 seconds is not known after every epoch and cannot be the first objective")]
    [InlineData("objectives: [ {}, { metric: test_loss } ]\n", "5:29 test_loss is not looked at before the end of the study")]
    [InlineData("objectives: [ {}, { metric: objective_deviation } ]\n", "5:29 objective_deviation is known with folds or repeats only")]
    [InlineData("objectives: [ {}, { metric: secnds } ]\n", "5:29 'secnds' is no metric")]
    [InlineData("objectives: [ {}, { kind: function, name: branin } ]\n", "5:27 all objectives are of one kind, and the first is a network")]
    [InlineData("objectives: [ { repeats: 2 }, { metric: seconds, repeats: 3 } ]\n", "5:50 all objectives come of the same trainings, and the first has 2 repeats")]
    [InlineData("objectives: [ {}, { metric: seconds } ]\nstrategy: tpe\n", "6:1 tpe searches for the best of one objective | with several: grid, random, quasirandom")]
    [InlineData("objectives: [ {}, { metric: seconds } ]\nstrategy: { name: cmaes }\n", "6:13 cmaes searches for the best of one objective")]
    [InlineData("objectives: [ {}, { metric: seconds } ]\nstopping: median\n", "6:1 a rule that stops trials compares one value, and there are several objectives")]
    public void Several_objectives(string text, params string[] expected) => Expect(Sound + text, expected);

    [Fact]
    public void Several_objectives_of_a_function() => Expect(
        "name: a\nobjectives: [ { kind: function, name: zdt1, metric: f1 }, { metric: f2 }, { metric: f3 } ]\nparameters: { x: { type: float, low: 0, high: 1 } }\n" + Budget,
        ["2:39 zdt1 takes at least 2 numeric parameters, not 1", "2:85 f3 is no objective of zdt1 | one of f1, f2"]);

    [Theory]
    [InlineData("target: 1", "3:22 target goes by the best value, and with several objectives there is none")]
    [InlineData("patience: 1", "3:22 patience goes by the best value, and with several objectives there is none")]
    public void Budgets_of_several_objectives(string limit, params string[] expected) => Expect(
        $"name: a\n{Data}budget: {{ trials: 5, {limit} }}\n{Rate}objectives: [ {{}}, {{ metric: seconds }} ]\n", expected);

    [Theory]
    [InlineData("width <= 3", "7:14 constraints is a list of conditions, not 'width <= 3'")]
    [InlineData("[ [width] ]", "7:16 a constraint is a text, not a list")]
    [InlineData("[ '' ]", "7:16 a constraint is a text, not empty")]
    [InlineData("[ width ]", "7:16 this is no condition, at character 6: unexpected end of input, expected a comparison")]
    [InlineData("[ wdth <= 3 ]", "7:16 'wdth' is no parameter, no setting of the network and no metric | did you mean 'width'?")]
    [InlineData("[ test_loss <= 3 ]", "7:16 test_loss is not looked at before the end of the study")]
    [InlineData("[ optimizer <= 3 ]", "7:16 optimizer is a text and 3 is a number: they cannot be compared with <=")]
    [InlineData("[ \"optimizer == 'sdg'\" ]", "7:16 optimizer is never 'sdg' | did you mean 'sgd'?")]
    [InlineData("[ layers <= 3 ]", "7:16 it names no parameter and no metric: nothing would depend on it")]
    [InlineData("[ 1 <= 3, 'width * layers <= 512', parameters_count <= 50000, 'width <= 8 or 2 < 1' ]", "7:16 it names no parameter and no metric")]
    [InlineData("[ 'width <= 100' ]\nenqueue: [ { width: 128 } ]", "8:12 these values violate the constraint width <= 100")]
    public void Constraints(string constraints, params string[] expected) => Expect(
        Head + "parameters:\n  width: { type: int, low: 1, high: 256 }\n  optimizer: { type: categorical, choices: [sgd, adam] }\nconstraints: " + constraints + "\n", expected);

    [Theory]
    [InlineData("{ optimzer: sgd }", "6:56 'optimzer' is no parameter | did you mean 'optimizer'?")]
    [InlineData("{ optimizer: momentum }", "6:67 optimizer can never be momentum | one of sgd, adam")]
    [InlineData("{ optimizer: [] }", "6:67 the condition names no value")]
    [InlineData("{ optimizer: { a: b } }", "6:67 a condition names a value or a list of values, not a mapping")]
    [InlineData("{ loss: mse }", "6:56 'loss' is no parameter | model fixes it")]
    [InlineData("{ momentum: 0.5 }", "6:48 the conditions form a cycle: momentum → momentum", "6:56 equals no value")]
    [InlineData("sgd", "6:54 when is a mapping, not 'sgd'")]
    public void Conditions(string when, params string[] expected) => Expect(
        $"{Head}parameters:\n  optimizer: {{ type: categorical, choices: [sgd, adam] }}\n  momentum: {{ type: float, low: 0, high: 0.99, when: {when} }}\nmodel: {{ loss: mse }}\n",
        expected);

    [Fact]
    public void Conditions_in_a_circle_are_reported_once() => Expect(
        Head + """
        parameters:
          layers: { type: int, low: 1, high: 3, when: { width: 8 } }
          width: { type: int, low: 8, high: 9, when: { batch_size: 1 } }
          batch_size: { type: int, low: 1, high: 3, when: { layers: 2 } }
        """,
        ["5:41 the conditions form a cycle: layers → width → batch_size → layers"]);

    [Theory]
    [InlineData("enqueue: { layers: 1 }", "8:10 enqueue is a list of sets of parameters, not a mapping")]
    [InlineData("enqueue: [ 1 ]", "8:12 an enqueued trial is a mapping of parameters, not '1'")]
    [InlineData("enqueue: [ { layer: 1 } ]", "8:14 'layer' is no parameter | did you mean 'layers'?")]
    [InlineData("enqueue: [ { layers: 9 } ]", "8:22 layers cannot be 9 | it is int 1 to 4")]
    [InlineData("enqueue: [ { layers: 1.5 } ]", "8:22 layers cannot be 1.5")]
    [InlineData("enqueue: [ { layers: [1] } ]", "8:22 layers has one value here, not a list")]
    [InlineData("enqueue: [ { optimizer: adam, momentum: 0.5 } ]", "8:31 momentum plays no part when optimizer is adam")]
    [InlineData("enqueue: [ { momentum: 0.5 } ]")]
    [InlineData("enqueue: [ { optimizer: sgd, momentum: 1 } ]")]
    public void Enqueued_trials(string line, params string[] expected) => Expect(
        Head + """
        parameters:
          layers: { type: int, low: 1, high: 4 }
          optimizer: { type: categorical, choices: [sgd, adam] }
          momentum: { type: float, low: 0, high: 1, when: { optimizer: sgd } }

        """.TrimEnd('\n') + "\n" + line + "\n",
        expected);

    [Theory]
    [InlineData("strategy: grid", "4:15 a grid needs to know which values of the float learning_rate to take | points: 5")]
    [InlineData("strategy: { name: pbt, trials: 3 }", "5:24 'trials' is no key of strategy | one of name, seed, population, interval, quantile, resample, perturb @strategy.trials")]
    [InlineData("strategy: { name: annealing, trials: 3 }", "5:19 'annealing' is no strategy | one of grid, random @strategy.name")]
    [InlineData("strategy: randm", "5:11 'randm' is no strategy | did you mean 'random'? @strategy.name")]
    [InlineData("strategy: { name: random, sed: 3 }", "5:27 'sed' is no key of strategy | did you mean 'seed'?")]
    [InlineData("strategy: { seed: -3 }", "5:19 seed must be at least 0, not -3")]
    [InlineData("strategy: [random]", "5:11 strategy is a mapping, not a list")]
    [InlineData("stopping: { name: asha, min: 1, factor: 3 }")]
    [InlineData("stopping: { name: asha, min: 20 }", "5:25 the first rung, at step 20, is not before the last step, 20")]
    [InlineData("stopping: { name: asha, min: 5, max: 4 }", "5:25 the first rung, at step 5, is not before the last step, 4")]
    [InlineData("stopping: { name: hyperband, max: 40 }", "5:30 max is 40, but the longest trial has 20 epochs | max: 20")]
    [InlineData("stopping: { name: asha, mode: wait }", "5:31 'wait' is not one of stop, promote")]
    [InlineData("stopping: { name: asha, factor: 1 }", "5:33 1 is outside [2, 1000]")]
    [InlineData("stopping: { name: median, warmup: 19 }", "5:27 no trial would be judged before its last epoch, 20")]
    [InlineData("stopping: { name: threshold }", "5:1 threshold has no limit to stop at | upper: 5")]
    [InlineData("stopping: { name: threshold, upper: 2.5 }")]
    [InlineData("stopping: { name: median, window: 3 }", "5:27 'window' is no key of stopping")]
    [InlineData("stopping: { name: asha, mode: promote }\nreproducible: { mode: strict, window: 2 }", "5:25 promote lets a trial go on when others have ended")]
    [InlineData("stopping: { name: asha, mode: stop }\nreproducible: { mode: strict, window: 2 }")]
    [InlineData("stopping: medain", "5:11 'medain' is no stopping | did you mean 'median'?")]
    [InlineData("stopping: {}", "5:1 name is missing")]
    [InlineData("stopping: none")]
    [InlineData("limits: { time: soon }", "5:17 'soon' is no duration | such as 90s, 10m, 2h30m or 1d")]
    [InlineData("limits: { time: 0s }", "5:17 time must be longer than nothing")]
    [InlineData("limits: { time: 30m2h }", "5:17 '30m2h' is no duration")]
    [InlineData("limits: { memory: 1GiBB }", "5:19 '1GiBB' is no size | such as 512MiB")]
    [InlineData("limits: { memory: 0 }", "5:19 memory must be more than nothing")]
    [InlineData("limits: { mem: 1GiB }", "5:11 'mem' is no key of limits")]
    [InlineData("parallel: { trials: many }", "5:21 trials is auto or a whole number, not 'many' | trials: auto")]
    [InlineData("parallel: { trials: 0 }", "5:21 trials must be at least 1, not 0")]
    [InlineData("parallel: { threads: 0 }", "5:22 threads must be at least 1, not 0")]
    [InlineData("parallel: 4", "5:11 parallel is a mapping, not '4'")]
    [InlineData("retry: { attempts: 0 }", "5:20 attempts must be at least 1, not 0")]
    [InlineData("retry: { attempt: 1 }", "5:10 'attempt' is no key of retry | did you mean 'attempts'?")]
    [InlineData("reproducible: strict", "5:15 strict needs a window")]
    [InlineData("reproducible: best_efort", "5:15 'best_efort' is no reproducible | did you mean 'best_effort'?")]
    [InlineData("reproducible: { mode: strict }", "5:1 window is missing")]
    [InlineData("reproducible: { mode: strict, window: 0 }", "5:39 window must be at least 1, not 0")]
    [InlineData("reproducible: { mode: best_effort, window: 2 }", "5:36 a window belongs to strict")]
    public void Strategy_and_limits(string line, params string[] expected) => Expect(Sound + line + "\n", expected);

    [Theory]
    [InlineData("budget: 100", "3:9 budget is a mapping, not '100'")]
    [InlineData("budget: {}", "3:1 without trials or time the study would never end")]
    [InlineData("budget: { target: 0.1 }", "3:1 without trials or time the study would never end")]
    [InlineData("budget: { trials: 0 }", "3:19 trials must be at least 1, not 0")]
    [InlineData("budget: { trials: 1.5 }", "3:19 trials is a whole number, not '1.5'")]
    [InlineData("budget: { trials: 99999999999 }", "3:19 trials may be at most 2147483647, not 99999999999")]
    [InlineData("budget: { trials: 5, patience: -1, failures: 0 }", "3:32 patience must be at least 1, not -1", "3:46 failures must be at least 1, not 0")]
    [InlineData("budget: { trials: 5, target: low }", "3:30 target is a number, not 'low'")]
    [InlineData("budget: { time: 10m }")]
    [InlineData("budget: { trials: 5, time: 10m }\nreproducible: { mode: strict, window: 2 }", "3:22 a time budget ends the study at another trial each time")]
    [InlineData("budget: { trials: 5, target: 0.1 }\nreproducible: { mode: strict, window: 2 }")]
    public void Budgets(string lines, params string[] expected) => Expect($"name: a\n{Data}{lines}\n{Rate}", expected);

    [Fact]
    public void Everything_is_reported_at_once() => Expect(
        """
        vers: 1
        name: Bad Name
        data:
          source: a.csv
          target: y
          split: { validation: 2 }
        parameters:
          lerning_rate: { type: float, low: 1, high: 0 }
          layers: { type: int, low: 1, high: 400 }
        strategy: annealing
        budget: { trials: none }
        """,
        [
            "1:1 'vers' is no key", "2:7 'Bad Name' is no study name", "6:24 validation is a share", "8:3 'lerning_rate' is no setting", "8:37 low 1 is not below high 0",
            "9:38 layers: 400 is outside [0, 64]", "10:11 'annealing' is no strategy", "11:19 trials is a whole number",
        ]);

    [Theory]
    [InlineData("")]
    [InlineData("model: { epochs: 2 }\n")]
    [InlineData("model: { schedule: cosine }\nobjective: { metric: validation_loss, repeats: 2 }\n")]
    [InlineData("stopping: asha\n", "5:1 pbt itself gives up on the worst | stopping: none")]
    [InlineData("reproducible: { mode: strict, window: 8 }\n", "5:1 who takes over from whom depends on who comes first | best_effort")]
    [InlineData("model: { early_stopping: 3 }\n", "5:10 a member of a population trains all its epochs | leave early_stopping out")]
    [InlineData("model: { epochs: 1 }\n", "6:1 with one epoch the members would never be compared | model: { epochs: 30 } @strategy")]
    [InlineData("enqueue: [ {}, {}, {}, {}, {} ]\n", "5:1 5 sets are to be tried, and 4 members begin with one each | population: 5")]
    public void Populations(string lines, params string[] expected) => Expect(Sound + lines + "strategy: { name: pbt, population: 4 }\n", expected);

    [Theory]
    [InlineData("{ epochs: { type: int, low: 3, high: 9 }, learning_rate: { type: float, low: 1, high: 2 } }", "", "3:15 all members of a population train the same number of epochs")]
    [InlineData("{ early_stopping: { type: int, low: 3, high: 9 }, learning_rate: { type: float, low: 1, high: 2 } }", "", "3:15 a member of a population trains all its epochs")]
    [InlineData("{ layers: { type: int, low: 1, high: 9 } }", "", "4:13 none of the parameters may change while a network trains | add learning_rate")]
    [InlineData("{ dropout: { type: float, low: 0, high: 0.5 } }", ", interval: 20", "4:24 with 20 epochs and an interval of 20 the members would never be compared")]
    public void Parameters_of_populations(string parameters, string settings, params string[] expected) =>
        Expect($"name: a\n{Data}parameters: {parameters}\nstrategy: {{ name: pbt{settings} }}\n", expected);

    [Fact]
    public void A_function_has_no_weights_to_take_over() => Expect(
        "name: a\nobjective: { kind: function, name: sphere }\nparameters: { x: { type: float, low: 1, high: 2 } }\nstrategy: pbt\n",
        ["4:1 pbt copies weights, and a built-in function has none | strategy: auto"]);

    [Fact]
    public void Json_is_read_too() => Expect("{\n  \"name\": \"a\",\n  \"data\": {\"source\":\"a.csv\",\"target\":\"y\"},\n  \"budget\": {\"trials\":\"5\"},\n  \"parameters\":{\"layers\":{\"type\":\"int\",\"low\":1,\"high\":2}}}", ["4:23 trials is a whole number, not '5' | without quotes: 5"]);

    /// <summary>Expected faults are written <c>LINE:COLUMN problem | hint @path</c>; problem and hint may be parts.</summary>
    private static void Expect(string text, string[] expected)
    {
        var errors = StudyFile.Parse(text, "a.yaml").Errors;
        var found = string.Join('\n', errors.Select(e => $"{e.Line}:{e.Column} {e.Problem} | {e.Hint} @{e.Path}"));
        Assert.True(expected.Length == errors.Count, $"expected\n{string.Join('\n', expected)}\nbut found\n{found}");
        foreach (var line in expected)
        {
            var (rest, path) = Cut(line, " @");
            var (place, hint) = Cut(rest, " | ");
            var (position, problem) = Cut(place, " ");
            Assert.True(
                errors.Any(e => $"{e.Line}:{e.Column}" == position && e.Problem.Contains(problem, StringComparison.Ordinal)
                    && (e.Hint ?? "").Contains(hint, StringComparison.Ordinal) && (path.Length == 0 || e.Path == path)),
                $"expected\n{line}\nbut found\n{found}");
        }
    }

    private static (string Before, string After) Cut(string text, string separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + separator.Length)..]) : (text, "");
}
