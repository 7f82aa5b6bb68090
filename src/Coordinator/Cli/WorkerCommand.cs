using System.CommandLine;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Text;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning worker list|drain --to URL</c>: the workers of a coordinator.</summary>
internal static class WorkerCommand
{
    public static Command Create(CliServices services, Terminal terminal) =>
        new("worker", "Lists the workers of a coordinator, or has one go.") { List(services, terminal), Drain(services, terminal) };

    private static Command List(CliServices services, Terminal terminal)
    {
        var to = Verb.Coordinator();
        var output = Verb.Output();
        var command = new Command("list", "Lists the workers that a coordinator has heard of lately.") { to, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var workers = await services.OpenCluster(parsed.GetRequiredValue(to)!).Workers(cancel).ConfigureAwait(false);
            var format = parsed.GetValue(output);
            if (workers.Count == 0 && format == OutputFormat.Table)
            {
                terminal.Error.WriteLine("No workers yet: 'trial-worker --seed-node HOST:PORT' makes one; the coordinator's log says which host and port.");
                return ExitCode.Done;
            }

            var printer = new DataPrinter(terminal, format);
            printer.Many(() => workers.Select(ViewJson.Worker), ViewJson.WorkerColumns, () => Table(workers, printer));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Drain(CliServices services, Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The worker's name; 'tuning worker list' lists them." };
        var to = Verb.Coordinator();
        var command = new Command("drain", "Has a worker hand back its trials with their checkpoints, and end.") { name, to };
        command.SetAction(async (parsed, cancel) =>
        {
            var (cluster, worker) = (services.OpenCluster(parsed.GetRequiredValue(to)!), parsed.GetRequiredValue(name));
            if (!await cluster.DrainWorker(worker, cancel).ConfigureAwait(false))
            {
                var names = (await cluster.Workers(cancel).ConfigureAwait(false)).Select(w => w.Name).ToList();
                throw new UsageException($"there is no worker '{worker}'", NearestName.Find(worker, names) is { } near ? $"did you mean '{near}'?" : "'tuning worker list' lists those there are.");
            }

            terminal.Error.WriteLine($"Worker '{worker}' is told: it hands back what it trains, and ends.");
            return ExitCode.Done;
        });
        return command;
    }

    private static string Table(IReadOnlyList<WorkerView> workers, DataPrinter printer)
    {
        var table = new TextTable("worker", "slots", "running", "heard").Right(1, 2, 3);
        foreach (var worker in workers)
        {
            table.Add(worker.Name, $"{worker.Slots}", $"{worker.Running}", $"{Numbers.Short(worker.HeartbeatAge)} ago");
        }

        return table.Write(printer.TableWidth, printer.Color);
    }
}
