using System.CommandLine;
using System.Globalization;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning submit FILE --to URL</c>: has a coordinator run a study.</summary>
internal static class SubmitCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A study file, or 'demo'." };
        var to = Verb.Coordinator();
        var fresh = new Option<bool>("--fresh") { Description = "Archives a study of that name and begins anew." };
        var command = new Command("submit", "Has a coordinator run a study: checks the file, uploads its data once, and returns.") { file, to, fresh };
        command.SetAction(async (parsed, cancel) =>
        {
            var source = StudySource.Read(services, parsed.GetRequiredValue(file));
            return await source.With(terminal, async spec =>
            {
                byte[]? content = null;
                if (spec.Data is { } data)
                {
                    var resolved = services.DataInspector().Resolve(data, Path.GetFullPath(data.Source, source.BaseDirectory));
                    (spec, content) = (StudyFile.Resolved(spec, resolved), resolved.Content);
                    foreach (var note in resolved.Notes)
                    {
                        terminal.Error.WriteLine($"note: {note}");
                    }
                }

                var url = parsed.GetRequiredValue(to)!;
                var (study, created, sent) = await services.OpenCluster(url).Submit(spec, content, parsed.GetValue(fresh), cancel).ConfigureAwait(false);
                Tell(terminal, study, created, sent ? content!.Length : 0, url);
                return ExitCode.Done;
            }).ConfigureAwait(false);
        });
        return command;
    }

    private static void Tell(Terminal terminal, StudyView study, bool created, long sent, string url)
    {
        var data = sent == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" Its data set of {ByteSize.Rounded(sent)} was sent.");
        terminal.Error.WriteLine(study.Reason is { } reason
            ? $"Study '{study.Name}' has ended already: {reason}"
            : $"Study '{study.Name}' {(created ? "is created and runs" : "goes on")}.{data}");
        terminal.Error.WriteLine($"  tuning watch {study.Name} --to {CommandText.Quote(url)}");
    }
}
