using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Views;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Cli;

public sealed class ExitCodeTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("there is no verb 'rnu'; did you mean 'tuning run'?", "rnu")]
    [InlineData("there is no verb 'plot'; there are run, check", "plot", "hills")]
    [InlineData("there is no option '--trails' of 'run'; did you mean '--trials'?", "run", "demo", "--trails", "3")]
    [InlineData("'much' is one argument too many for 'best'", "best", "too", "much")]
    [InlineData("Required argument 'NAME' missing", "best")]
    [InlineData("'jsn' is no output format: table, json, yaml, csv. Did you mean 'json'?", "studies", "-o", "jsn")]
    [InlineData("--trials takes a whole number from 1 on, not '0'", "run", "demo", "--trials", "0")]
    [InlineData("--trials takes a whole number from 1 on, not 'many'", "run", "demo", "--trials", "many")]
    [InlineData("--parallel takes a whole number from 1 on, not '-2'", "run", "demo", "--parallel", "-2")]
    [InlineData("--seed takes a whole number from 0 on, not 'x'", "run", "demo", "--seed", "x")]
    [InlineData("'0.0.0.0:8080' is not loopback", "run", "demo", "--http", "0.0.0.0:8080")]
    [InlineData("say what to do: run, check")]
    [InlineData("there is no file 'nosuch.yaml'", "run", "nosuch.yaml")]
    [InlineData("there is no file 'nosuch.yaml'", "check", "nosuch.yaml")]
    [InlineData("there is no study 'hill'; did you mean 'hills'?", "best", "hill")]
    [InlineData("there is no study 'valley'; 'tuning studies' lists", "trials", "valley")]
    [InlineData("there is no study 'hill'; did you mean 'hills'?", "audit", "hill")]
    [InlineData("there is no study 'hill'; did you mean 'hills'?", "show", "hill")]
    [InlineData("there is no study 'hill'; did you mean 'hills'?", "delete", "hill", "--yes")]
    [InlineData("there is no study 'hill'; did you mean 'hills'?", "retry-failed", "hill")]
    public async Task Bad_usage_is_2_and_names_the_nearest_right_word(string says, params string[] arguments)
    {
        _line.Store.Add(Journal.Whole().State);

        Assert.Equal(2, await _line.Invoke(arguments));

        // A hint stands on a line of its own.
        Assert.Contains(says, _line.Error.ReplaceLineEndings("\n").Replace("\n  ", "; ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(_line.Out);
    }

    [Fact]
    public async Task A_store_out_of_reach_is_4_with_its_hint()
    {
        _line.StoreFault = new StoreException("The store is being written by process 7.", "Wait until it ends.");

        Assert.Equal(4, await _line.Invoke("studies"));

        Assert.Equal($"tuning: The store is being written by process 7.{Environment.NewLine}  Wait until it ends.{Environment.NewLine}", _line.Error);
    }

    [Fact]
    public async Task A_bug_is_1_with_one_line_and_no_stack_trace()
    {
        _line.StoreFault = new InvalidOperationException("Something impossible.\nAnd more.");

        Assert.Equal(1, await _line.Invoke("studies"));

        Assert.Contains("internal error: InvalidOperationException: Something impossible.", _line.Error, StringComparison.Ordinal);
        Assert.Contains("logs", _line.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _line.Error, StringComparison.Ordinal);

        _line.Debug = true;
        Assert.Equal(1, await _line.Invoke("studies"));
        Assert.Contains("   at ", _line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_study_without_a_complete_trial_has_no_best_and_that_is_3()
    {
        _line.Store.Add(new Journal().Suggest(0).Begin(0).Fail(0).Finish(FinishReason.TooManyFailures, null).State);

        Assert.Equal(3, await _line.Invoke("best", "hills", "-o", "json"));

        Assert.Empty(_line.Out);
        Assert.Contains("no complete trial", _line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_storage_is_passed_on()
    {
        await _line.Invoke("studies", "--storage", "sqlite:here.db");
        Assert.Equal("sqlite:here.db", _line.OpenedUrl);

        await _line.Invoke("studies");
        Assert.Null(_line.OpenedUrl);
    }

    [Fact]
    public async Task Help_and_version_are_data_and_open_no_store()
    {
        _line.StoreFault = new StoreException("Locked.", "");

        Assert.Equal(0, await _line.Invoke("--help"));
        Assert.Contains("tuning run demo", _line.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _line.Invoke("best", "--help"));
        Assert.Contains("--storage", _line.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("First steps", _line.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _line.Invoke("--version"));
        Assert.Matches(@"^tuning \d+\.\d+\.\d+\s*$", _line.Out);
        Assert.Empty(_line.Error);
    }

    [Fact]
    public async Task Deleting_asks_and_takes_no_for_an_answer()
    {
        _line.Store.Add(Journal.Whole().State);

        Assert.Equal(2, await _line.Invoke("delete", "hills"));
        Assert.Contains("tuning delete hills --yes", _line.Error, StringComparison.Ordinal);

        _line.CanAsk = true;
        _line.Typed = "n\n";
        Assert.Equal(0, await _line.Invoke("delete", "hills"));
        Assert.Contains("3 trials", _line.Error, StringComparison.Ordinal);
        Assert.Empty(_line.Deleted);

        _line.Typed = "y\n";
        Assert.Equal(0, await _line.Invoke("delete", "hills"));
        Assert.Equal(["hills"], _line.Deleted);

        _line.CanAsk = false;
        Assert.Equal(0, await _line.Invoke("delete", "hills", "--yes"));
        Assert.Equal(2, _line.Deleted.Count);
    }

    [Fact]
    public async Task Failed_trials_are_run_again_when_the_study_is_run()
    {
        _line.Retries["hills"] = new RetryReport([2, 5], [], null);
        Assert.Equal(0, await _line.Invoke("retry-failed", "hills", "--storage", "sqlite:a b.db"));
        Assert.Contains("Trials 2, 5 of study 'hills' will be run again. This goes on:", _line.Error, StringComparison.Ordinal);
        Assert.Contains("  tuning run FILE --storage 'sqlite:a b.db'", _line.Error, StringComparison.Ordinal);
        Assert.Equal("sqlite:a b.db", _line.OpenedUrl);

        _line.Retries["hills"] = new RetryReport([], [3], null);
        Assert.Equal(0, await _line.Invoke("retry-failed", "hills"));
        Assert.Contains("Trial 3 of study 'hills' failed outside what is now its space", _line.Error, StringComparison.Ordinal);
        Assert.Contains("Study 'hills' has no failed trial to run again.", _line.Error, StringComparison.Ordinal);

        _line.Retries["hills"] = new RetryReport([], [], "The target was reached.");
        Assert.Equal(2, await _line.Invoke("retry-failed", "hills"));
        Assert.Contains("study 'hills' has ended (The target was reached), and would again", _line.Error, StringComparison.Ordinal);
        Assert.Empty(_line.Out);
    }

    [Fact]
    public async Task A_fault_of_the_data_that_no_file_is_behind_is_2()
    {
        _line.StoreFault = new SpecException([new SpecError("data.source", "it is empty", "name another")]);

        Assert.Equal(2, await _line.Invoke("studies"));

        Assert.Contains("data.source: it is empty", _line.Error, StringComparison.Ordinal);
    }
}
