using System.CommandLine;
using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Cli.Displays;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning run FILE</c>: runs a study in this process, or goes on with it.</summary>
internal static class RunCommand
{
    /// <param name="arguments">The command line as typed: repeating it goes on with the run.</param>
    public static Command Create(IReadOnlyList<string> arguments, CliServices services, Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A study file, or 'demo'." };
        var trials = AtLeast(1, "--trials", "Trials in all, instead of the file's budget.");
        var parallel = AtLeast(1, "--parallel", "Trials at a time. Default: the file's, else one a core.");
        var seed = new Option<long?>("--seed") { HelpName = "N", Description = "Seed of the strategy, instead of the file's." };
        seed.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!long.TryParse(result.Tokens[0].Value, out var number) || number < 0))
            {
                result.AddError($"--seed takes a whole number from 0 on, not '{result.Tokens[0].Value}'");
            }
        });
        var storage = Verb.Storage();
        var http = new Option<string?>("--http") { HelpName = "ADDR|off", Description = "Serves the HTTP API while the study runs, at a URL or host:port. Default: off." };
        var fresh = new Option<bool>("--fresh") { Description = "Archives a study of that name and begins anew." };
        var timings = new Option<bool>("--timings") { Description = "Tells how long the steps up to the first trial took." };
        var output = Verb.Output();
        var command = new Command("run", "Runs a study here; goes on where it was left.")
        {
            file, trials, parallel, seed, storage, http, fresh, timings, output,
        };
        command.SetAction(async (parsed, _) =>
        {
            var address = parsed.GetValue(http) is { } given && given != "off" ? given : null;
            if (address is not null && ApiAddress.Fault(address, default) is { } wrong)
            {
                throw new UsageException($"--http: {wrong}", "--http off serves nothing.");
            }

            var source = StudySource.Read(services, parsed.GetRequiredValue(file));
            return await source.With(terminal, spec =>
            {
                if (spec.Objective.Kind == ObjectiveKind.External && address is null)
                {
                    throw new UsageException($"the trials of '{spec.Name}' are asked for over HTTP, and nothing listens", $"--http {CoordinatorOptions.DefaultHttp}");
                }

                var request = new RunRequest(
                    spec, source.FileName, source.BaseDirectory, parsed.GetValue(storage), parsed.GetValue(trials), parsed.GetValue(parallel), parsed.GetValue(seed),
                    parsed.GetValue(fresh), parsed.GetValue(timings))
                {
                    Http = address,
                };
                return Run(request, CommandText.Resume(arguments), parsed.GetValue(output), services, terminal);
            }).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> Run(RunRequest request, string resume, OutputFormat format, CliServices services, Terminal terminal)
    {
        using var interrupt = new CancellationTokenSource();
        RunResult result;
        await using (var display = RunDisplay.Create(terminal, services.Time))
        using (services.Signals.Listen(() => Interrupt(interrupt, display)))
        {
            try
            {
                result = await services.RunHost().Run(request, display, interrupt.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
            {
                await display.DisposeAsync().ConfigureAwait(false);
                return TellHowToResume(terminal, resume);
            }
        }

        return result.Interrupted ? TellHowToResume(terminal, resume) : Report(request, result, format, terminal);
    }

    // The first signal drains and saves. The second is not dealt with, so that the system ends the process at once: the journal
    // holds everything that was acknowledged, and the next run releases what was running.
    private static bool Interrupt(CancellationTokenSource interrupt, RunDisplay display)
    {
        if (interrupt.IsCancellationRequested)
        {
            display.Abandon();
            return false;
        }

        display.OnNote("saving; once more ends at once");
        interrupt.Cancel();
        return true;
    }

    private static int TellHowToResume(Terminal terminal, string resume)
    {
        terminal.Error.WriteLine("Interrupted; everything is saved. This goes on:");
        terminal.Error.WriteLine($"  {resume}");
        return ExitCode.Interrupted;
    }

    private static int Report(RunRequest request, RunResult result, OutputFormat format, Terminal terminal)
    {
        var best = StudyViewBuilder.Best(result.State);
        if (best.Count == 0)
        {
            return FaultReport.Tell(
                terminal, $"study '{result.State.Spec.Name}' ended without a usable trial", FinalReport.WhyNone(result.State), ExitCode.NoUsableTrial);
        }

        var printer = new DataPrinter(terminal, format);
        if (result.State.Spec.FurtherObjectives.Count > 0)
        {
            printer.Many(() => best.Select(ViewJson.Best), ViewJson.FrontColumns, () => FinalReport.Write(request, result, best, printer));
        }
        else
        {
            printer.One(() => ViewJson.Best(best[0]), ViewJson.BestColumns, () => FinalReport.Write(request, result, best, printer));
        }

        return ExitCode.Done;
    }

    private static Option<int?> AtLeast(int least, string name, string description)
    {
        var option = new Option<int?>(name) { HelpName = "N", Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var number) || number < least))
            {
                result.AddError($"{name} takes a whole number from {least} on, not '{result.Tokens[0].Value}'");
            }
        });
        return option;
    }
}
