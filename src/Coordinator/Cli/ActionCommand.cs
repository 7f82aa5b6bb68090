using System.CommandLine;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning pause|resume|stop NAME</c>: on a coordinator with <c>--to</c>, else in a store that nobody writes.</summary>
internal static class ActionCommand
{
    public static Command Pause(CliServices services, Terminal terminal) => Create(
        "pause", "Has a study hand out no more trials; those that run go on.", new StudyAction.Pause(), study => $"Study '{study}' is paused; 'tuning resume {study}' goes on.", services, terminal);

    public static Command Resume(CliServices services, Terminal terminal) => Create(
        "resume", "Has a paused study go on.", new StudyAction.Resume(), study => $"Study '{study}' goes on.", services, terminal);

    public static Command Stop(CliServices services, Terminal terminal) => Create(
        "stop", "Ends a study now; trials in flight are cancelled.", new StudyAction.Stop(), study => $"Study '{study}' is stopped; 'tuning best {study}' shows what it found.", services, terminal);

    private static Command Create(string verb, string description, StudyAction action, Func<string, string> done, CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var storage = Verb.Storage();
        var to = Verb.To();
        var command = new Command(verb, description) { name, storage, to };
        command.SetAction(async (parsed, cancel) =>
        {
            var gateway = Verb.Open(services, parsed.GetValue(storage), parsed.GetValue(to));
            var studyName = parsed.GetRequiredValue(name);
            _ = await gateway.Act(studyName, action, cancel).ConfigureAwait(false) ?? throw await Verb.Unknown(studyName, gateway, cancel).ConfigureAwait(false);
            terminal.Error.WriteLine(done(studyName));
            return ExitCode.Done;
        });
        return command;
    }
}
