using System.Text.Json;
using TuningCluster.Coordinator.Cli;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Views;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Cli;

public sealed class RunCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public RunCommandTests() => _line.Write("hills.yaml", Journal.RandomStudy);

    public void Dispose() => _line.Dispose();

    [Fact]
    public async Task Passes_on_what_was_asked_for()
    {
        RunRequest? asked = null;
        _line.Run = (request, _, _) =>
        {
            asked = request;
            return Finished(Journal.Whole());
        };

        Assert.Equal(0, await _line.Invoke(
            "run", "hills.yaml", "--trials", "9", "--parallel", "2", "--seed", "7", "--storage", "sqlite:x.db", "--http", "off", "--fresh", "--timings"));

        Assert.Equal(("hills.yaml", _line.Directory, "sqlite:x.db", 9, 2, 7L, true, true), (asked!.FileName, asked.BaseDirectory, asked.Storage,
            asked.Trials!.Value, asked.Parallel!.Value, asked.Seed!.Value, asked.Fresh, asked.Timings));
        Assert.Equal("hills", asked.Spec.Name);
    }

    [Fact]
    public async Task Nobody_can_ask_for_trials_where_nothing_listens()
    {
        _line.Write("asked.yaml", "name: asked\nobjective: { kind: external }\nparameters: { x: { type: float, low: 0, high: 1 } }\nbudget: { trials: 3 }\n");
        _line.Run = (_, _, _) => throw new InvalidOperationException("It was begun.");

        Assert.Equal(2, await _line.Invoke("run", "asked.yaml"));
        Assert.Contains("asked for over HTTP, and nothing listens", _line.Error, StringComparison.Ordinal);
        Assert.Contains("--http 127.0.0.1:8080", _line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_the_best_trial_and_what_to_type_next()
    {
        _line.Run = (_, _, _) => Finished(new Journal().Trial(0, 3).Trial(1, 1).Trial(2, 2)
            .Finish(FinishReason.TrialsDone, 1, new Dictionary<string, double> { ["test_accuracy"] = 0.91 }));

        Assert.Equal(0, await _line.Invoke("run", "hills.yaml"));

        Assert.Equal(
            [
                "Study hills completed. All trials of the budget are done.",
                "",
                "best     trial 1",
                "value    1 (value, minimize)",
                "test     test_accuracy 0.91",
                "with     x1  1",
                "         x2  1",
                "",
                "trials   3 complete in 10.0s",
                "results  .tuning (weights: blob feed01234567)",
                "",
                "next     tuning trials hills",
                "         tuning best hills -o json",
                "         tuning run hills.yaml --trials 6",
            ],
            _line.OutLines);
    }

    [Fact]
    public async Task Prints_the_object_of_best_as_json()
    {
        _line.Run = (_, _, _) => Finished(Journal.Whole());

        Assert.Equal(0, await _line.Invoke("run", "hills.yaml", "-o", "json"));

        Assert.Equal(1, JsonDocument.Parse(_line.Out).RootElement.GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task A_study_without_a_usable_trial_is_3()
    {
        _line.Run = (_, _, _) => Finished(new Journal().Suggest(0).Begin(0).Fail(0).Finish(FinishReason.TooManyFailures, null));

        Assert.Equal(3, await _line.Invoke("run", "hills.yaml"));

        Assert.Contains("1 failed; trial 0: it broke", _line.Error, StringComparison.Ordinal);
        Assert.Empty(_line.Out);
    }

    [Fact]
    public async Task The_first_signal_drains_and_tells_how_to_go_on()
    {
        var dealtWith = new List<bool>();
        _line.Run = (_, observer, interrupt) =>
        {
            observer.OnStudy(new Journal().State, []);
            dealtWith.Add(_line.Signals.Send());
            Assert.True(interrupt.IsCancellationRequested);
            dealtWith.Add(_line.Signals.Send());
            return Task.FromResult(new RunResult(new Journal().State, AlreadyFinished: false, Interrupted: true, ".tuning"));
        };

        Assert.Equal(130, await _line.Invoke("run", "hills.yaml", "--fresh", "--parallel", "2"));

        // The second one is left to the system, which ends the process at once.
        Assert.Equal([true, false], dealtWith);
        // Repeating --fresh would begin again.
        Assert.Contains($"  tuning run hills.yaml --parallel 2{Environment.NewLine}", _line.Error, StringComparison.Ordinal);
        Assert.Empty(_line.Out);
    }

    [Fact]
    public async Task A_signal_before_anything_ran_is_130_too()
    {
        _line.Run = (_, _, interrupt) =>
        {
            _line.Signals.Send();
            interrupt.ThrowIfCancellationRequested();
            return Finished(Journal.Whole());
        };

        Assert.Equal(130, await _line.Invoke("run", "hills.yaml"));
        Assert.Contains("tuning run hills.yaml", _line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_fixed_part_is_2_and_has_no_caret()
    {
        _line.Run = (_, _, _) => throw new SpecException([new SpecError("", "study 'hills' exists and its seed is fixed", "Run with --fresh.")]);

        Assert.Equal(2, await _line.Invoke("run", "hills.yaml"));

        Assert.Equal($"tuning: study 'hills' exists and its seed is fixed{Environment.NewLine}  Run with --fresh.{Environment.NewLine}", _line.Error);
    }

    [Fact]
    public async Task A_locked_store_is_4()
    {
        _line.Run = (_, _, _) => throw new StoreException("Locked.", "Wait.");

        Assert.Equal(4, await _line.Invoke("run", "hills.yaml"));
    }

    [Fact]
    public async Task A_wrong_file_starts_nothing()
    {
        _line.Write("hills.yaml", "version: 1\nname: Hills!\n");

        Assert.Equal(2, await _line.Invoke("run", "hills.yaml"));

        Assert.Contains("hills.yaml:2:", _line.Error, StringComparison.Ordinal);
    }

    private static Task<RunResult> Finished(Journal journal) =>
        Task.FromResult(new RunResult(journal.State, AlreadyFinished: false, Interrupted: false, ".tuning"));
}
