using System.CommandLine;
using TuningCluster.Shared.Text;

namespace TuningCluster.Coordinator.Cli;

/// <summary>Says what is wrong with a command line and the nearest right word.</summary>
internal static class UsageErrors
{
    /// <returns>The exit code.</returns>
    public static int Write(ParseResult parsed, RootCommand root, Terminal terminal)
    {
        var command = parsed.CommandResult.Command;
        if (command == root && parsed.UnmatchedTokens is [var word, ..] && !IsOption(word))
        {
            var verbs = root.Subcommands.Select(c => c.Name).ToList();
            var near = NearestName.Find(word, verbs);
            return FaultReport.Tell(
                terminal,
                $"there is no verb '{word}'",
                near is null ? $"there are {string.Join(", ", verbs)}; 'tuning --help' says what they do." : $"did you mean 'tuning {near}'?",
                ExitCode.BadInput);
        }

        // A misspelled option that comes first is taken for the argument.
        var misread = parsed.CommandResult.Tokens.Select(token => token.Value).Where(IsOption);
        var strays = misread.Concat(parsed.UnmatchedTokens).Select(token => Stray(token, command, root)).ToList();
        // The library's own lines about strays would say the same without the nearest word.
        var others = parsed.Errors.Select(e => e.Message).Where(m => !parsed.UnmatchedTokens.Any(t => m.Contains($"'{t}'", StringComparison.Ordinal))).Distinct();
        var messages = strays.Concat(others).ToList();
        if (command == root && strays.Count == 0)
        {
            messages = ["say what to do: " + string.Join(", ", root.Subcommands.Select(c => c.Name))];
        }

        foreach (var message in messages)
        {
            terminal.Error.WriteLine($"tuning: {message}");
        }

        terminal.Error.WriteLine($"  'tuning {(command == root ? "" : command.Name + " ")}--help' shows how it is used.");
        return ExitCode.BadInput;
    }

    private static string Stray(string token, Command command, RootCommand root)
    {
        if (!IsOption(token))
        {
            return $"'{token}' is one argument too many for '{command.Name}'";
        }

        var name = token.Split('=', ':')[0];
        var options = command.Options.Concat(root.Options.Where(o => o.Recursive)).SelectMany(o => o.Aliases.Prepend(o.Name)).Where(o => o.StartsWith("--", StringComparison.Ordinal));
        var near = NearestName.Find(name, options);
        return $"there is no option '{name}'{(command == root ? "" : $" of '{command.Name}'")}{(near is null ? "" : $"; did you mean '{near}'?")}";
    }

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-';
}
