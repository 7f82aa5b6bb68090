using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TuningCluster.Coordinator.Cli;

/// <summary>The command line <c>tuning</c>: every verb, and what holds for all of them.</summary>
public static class TuningCommand
{
    private const string FirstSteps =
        """
        First steps:
          tuning run demo                      a study that needs no files
          tuning init --data my.csv            writes my.yaml for your own data
          tuning run my.yaml                   runs it; Ctrl-C saves, the same command goes on
          tuning best my -o json               the best trial, also while it runs
        """;

    public static string Version => typeof(TuningCommand).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Parses and carries out one command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> Invoke(IReadOnlyList<string> arguments, CliServices services, Terminal terminal)
    {
        try
        {
            var root = Create(arguments, services, terminal);
            // A response file's '@' would be news to who names a file '@data.csv'.
            var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is null or ParseErrorAction)
            {
                return UsageErrors.Write(parsed, root, terminal);
            }

            // Signals are the run's own affair: the library would end the process two seconds after the first.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            }).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            return FaultReport.Write(fault, terminal, services.LogPath);
        }
    }

    private static RootCommand Create(IReadOnlyList<string> arguments, CliServices services, Terminal terminal)
    {
        var root = new RootCommand("Finds good hyperparameters: one study file, one command, nothing lost.")
        {
            RunCommand.Create(arguments, services, terminal),
            CheckCommand.Create(services, terminal),
            InitCommand.Create(services, terminal),
            BestCommand.Create(services, terminal),
            TrialsCommand.Create(services, terminal),
            StudiesCommand.Create(services, terminal),
            ShowCommand.Create(services, terminal),
            AuditCommand.Create(services, terminal),
            ReplayCommand.Create(services, terminal),
            ImportanceCommand.Create(services, terminal),
            RetryFailedCommand.Create(services, terminal),
            DeleteCommand.Create(services, terminal),
            ActionCommand.Pause(services, terminal),
            ActionCommand.Resume(services, terminal),
            ActionCommand.Stop(services, terminal),
            CoordinatorCommand.Create(services, terminal),
            CertsCommand.Create(services, terminal),
            StorageCommand.Create(arguments, services, terminal),
            SubmitCommand.Create(services, terminal),
            WatchCommand.Create(services, terminal),
            WorkerCommand.Create(services, terminal),
        };
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help })
            {
                option.Action = new HelpWithFirstSteps(help, root, terminal);
            }
            else if (option is VersionOption)
            {
                option.Action = new WriteVersion(terminal);
            }
        }

        return root;
    }

    private sealed class HelpWithFirstSteps(HelpAction help, RootCommand root, Terminal terminal) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            if (parseResult.CommandResult.Command == root)
            {
                terminal.Out.WriteLine(FirstSteps);
            }

            return ExitCode.Done;
        }
    }

    private sealed class WriteVersion(Terminal terminal) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            terminal.Out.WriteLine($"tuning {Version}");
            return ExitCode.Done;
        }
    }
}
