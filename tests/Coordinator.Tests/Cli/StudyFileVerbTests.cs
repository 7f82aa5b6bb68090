using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Cli;

/// <summary><c>check</c> and <c>init</c>.</summary>
public sealed class StudyFileVerbTests : IDisposable
{
    private const string Digits =
        """
        version: 1
        name: digits
        data:
          source: digits.csv
          target: label
        objective: { metric: validation_loss, direction: minimize }
        parameters:
          layers: { type: int, low: 1, high: 4 }
          activation: { type: categorical, choices: [tanh, relu] }
        strategy: { name: grid, seed: 1 }
        """;

    private readonly CommandLine _line = new();

    public StudyFileVerbTests() => _line.Write("digits.csv", "p0,p1,label\n1,2,3\n");

    public void Dispose() => _line.Dispose();

    [Fact]
    public async Task A_good_file_is_summed_up_and_nothing_is_left()
    {
        _line.Write("digits.yaml", Digits);

        Assert.Equal(0, await _line.Invoke("check", "digits.yaml"));

        Assert.Equal(
            ["study     digits", "data      digits.csv: 1797 rows, 64 inputs, 10 classes, 456 KiB in memory", "space     2 parameters, 8 points", "strategy  grid", "budget    all points"],
            _line.OutLines);
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(_line.Directory).Count());
    }

    [Fact]
    public async Task Folds_embedded_columns_and_several_targets_are_summed_up()
    {
        _line.Write("digits.yaml", Digits.Replace("target: label", "target: [p0, p1]\n  split: { folds: 5 }", StringComparison.Ordinal));
        _line.Resolve = spec => new ResolvedData(spec with { Sha256 = new string('0', 64) }, [], 1797, 64, 2, 2, 5 << 20, ["told"]);

        Assert.Equal(0, await _line.Invoke("check", "digits.yaml"));

        Assert.Equal("data      digits.csv: 1797 rows, 64 inputs, 2 embedded columns, regression of 2 targets, 5 folds, 5.0 MiB in memory", _line.OutLines[1]);
        Assert.Contains("note: told", _line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_data_are_inspected_once()
    {
        _line.Write("digits.yaml", Digits);
        var times = 0;
        var resolve = _line.Resolve;
        _line.Resolve = spec => ++times == 1 ? resolve(spec) : throw new InvalidOperationException("read twice");
        File.Delete(Path.Combine(_line.Directory, "digits.csv"));

        Assert.Equal(0, await _line.Invoke("check", "digits.yaml"));
    }

    [Fact]
    public async Task The_demo_is_a_good_file()
    {
        Assert.Equal(0, await _line.Invoke("check", "demo"));
        Assert.Contains("2 parameters", _line.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_is_told_at_once_with_place_and_caret()
    {
        _line.Write("digits.yaml", Digits.Replace("low: 1", "low: 9", StringComparison.Ordinal).Replace("name: grid", "name: gird", StringComparison.Ordinal));

        Assert.Equal(2, await _line.Invoke("check", "digits.yaml"));

        Assert.Matches(@"digits\.yaml:8:\d+: ", _line.Error);
        Assert.Matches(@"digits\.yaml:10:\d+: ", _line.Error);
        Assert.Contains("grid", _line.Error, StringComparison.Ordinal);
        Assert.Contains("^", _line.Error, StringComparison.Ordinal);
        Assert.Empty(_line.Out);
    }

    [Fact]
    public async Task Faults_of_the_data_are_told_with_those_of_the_file_in_its_order()
    {
        _line.Write("digits.yaml", Digits.Replace("low: 1", "low: 9", StringComparison.Ordinal));
        _line.Resolve = _ => throw new SpecException([new SpecError("data.target", "no such column")]);

        Assert.Equal(2, await _line.Invoke("check", "digits.yaml"));

        Assert.Matches(@"^digits\.yaml:5:11: no such column[\s\S]*digits\.yaml:8:\d+: ", _line.Error);
    }

    [Fact]
    public async Task Data_that_the_file_does_not_tell_soundly_are_not_looked_at()
    {
        _line.Write("digits.yaml", Digits.Replace("target: label", "target: []", StringComparison.Ordinal));
        _line.Resolve = _ => throw new InvalidOperationException("looked at");

        Assert.Equal(2, await _line.Invoke("check", "digits.yaml"));
    }

    [Fact]
    public async Task An_empty_file_is_wrong_at_its_head()
    {
        _line.Write("empty.yaml", "");

        Assert.Equal(2, await _line.Invoke("check", "empty.yaml"));

        Assert.StartsWith("empty.yaml:1:1: ", _line.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.target", "digits.yaml:5:11: ")]
    [InlineData("data.source", "digits.yaml:4:11: ")]
    [InlineData("data.split.validation", "digits.yaml:3:1: ")]
    public async Task A_fault_of_the_data_is_told_where_the_file_names_it(string path, string place)
    {
        _line.Write("digits.yaml", Digits);
        _line.Resolve = _ => throw new SpecException([new SpecError(path, "this does not fit")]);

        Assert.Equal(2, await _line.Invoke("check", "digits.yaml"));

        Assert.StartsWith(place + "this does not fit", _line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_file_name_finds_its_neighbour()
    {
        _line.Write("digits.yaml", Digits);

        Assert.Equal(2, await _line.Invoke("run", "digit.yaml"));

        Assert.Contains("did you mean 'digits.yaml'?", _line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_writes_a_file_for_the_last_column_and_says_what_comes_next()
    {
        Assert.Equal(0, await _line.Invoke("init", "--data", "digits.csv"));

        Assert.Equal("name: digits\nsource: digits.csv\ntarget: label\ntask: Classification\n", File.ReadAllText(Path.Combine(_line.Directory, "digits.yaml")));
        Assert.Contains("tuning run digits.yaml", _line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_overwrites_nothing()
    {
        _line.Write("digits.yaml", "mine");

        Assert.Equal(2, await _line.Invoke("init", "--data", "digits.csv"));

        Assert.Equal("mine", File.ReadAllText(Path.Combine(_line.Directory, "digits.yaml")));
    }

    [Fact]
    public async Task Init_names_the_nearest_column_and_a_source_relative_to_the_file()
    {
        Assert.Equal(2, await _line.Invoke("init", "--data", "digits.csv", "--target", "lable"));
        Assert.Contains("did you mean 'label'?", _line.Error, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(_line.Directory, "studies"));
        Assert.Equal(0, await _line.Invoke("init", "--data", "digits.csv", "--target", "p0", "--out", "studies/My study.yaml"));
        Assert.Contains("source: ../digits.csv\ntarget: p0", File.ReadAllText(Path.Combine(_line.Directory, "studies/My study.yaml")), StringComparison.Ordinal);
        Assert.Contains("tuning run 'studies/My study.yaml'", _line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_without_data_is_a_usage_fault()
    {
        Assert.Equal(2, await _line.Invoke("init"));
        Assert.Equal(2, await _line.Invoke("init", "--data", "nosuch.csv"));
        Assert.Contains("nosuch.csv", _line.Error, StringComparison.Ordinal);
    }
}
