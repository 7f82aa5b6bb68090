using System.CommandLine;
using System.Text;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Text;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning init --data FILE</c>: writes a commented study file for a data file.</summary>
internal static class InitCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var data = new Option<string>("--data") { HelpName = "FILE", Required = true, Description = "The data: csv or csv.gz with a header line, or parquet." };
        var target = new Option<string?>("--target") { HelpName = "COLUMN", Description = "The column to predict. Default: the last one." };
        var output = new Option<string?>("--out") { HelpName = "FILE", Description = "The study file. Default: the data's name with .yaml, here." };
        var command = new Command("init", "Writes a commented study file from a data file.") { data, target, output };
        command.SetAction(parsed =>
        {
            var dataPath = Path.GetFullPath(parsed.GetRequiredValue(data), services.WorkingDirectory);
            var inspector = services.DataInspector();
            var summary = inspector.Summarize(dataPath);
            var columns = summary.Columns.Select(c => c.Name).ToList();
            var column = parsed.GetValue(target) ?? columns[^1];
            if (!columns.Contains(column))
            {
                throw new UsageException(
                    $"'{parsed.GetValue(data)}' has no column '{column}'",
                    NearestName.Find(column, columns) is { } near ? $"did you mean '{near}'?" : $"it has {List(columns)}.");
            }

            var name = Slug(Path.GetFileName(dataPath));
            var typed = parsed.GetValue(output) ?? $"{name}.yaml";
            var path = Path.GetFullPath(typed, services.WorkingDirectory);
            var source = Path.GetRelativePath(Path.GetDirectoryName(path)!, dataPath).Replace('\\', '/');
            Write(path, typed, services.WriteStudyFile(name, source, column, summary, Task(inspector, dataPath, column)));
            terminal.Error.WriteLine($"Wrote {typed} for {summary.Rows} rows, target '{column}'. Next:");
            terminal.Error.WriteLine($"  tuning check {CommandText.Quote(typed)}");
            terminal.Error.WriteLine($"  tuning run {CommandText.Quote(typed)}");
            return ExitCode.Done;
        });
        return command;
    }

    // Inferred as a run would infer it; that the data can be trained on at all is found out on the way.
    private static LearningTask Task(IDataInspector inspector, string path, string target) =>
        inspector.Resolve(new DataSpec(path, null, [target], null, new SplitSpec(0.2, 0.2, 0, Stratify: false), ScaleMethod.Standard), path).Spec.Task
        ?? LearningTask.Classification;

    // CreateNew: two that begin at once must not write into one file either.
    private static void Write(string path, string typed, string text)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new UsageException($"'{typed}' is there already and is not overwritten", "--out FILE names another one.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{typed}' cannot be written: {e.Message}");
        }
    }

    // A study's name: [a-z0-9][a-z0-9-]{0,62}
    private static string Slug(string fileName)
    {
        var stem = fileName.Split('.', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
        var dashed = string.Concat(stem.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        var slug = string.Join('-', dashed.Split('-', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length == 0 ? "study" : slug[..Math.Min(slug.Length, 63)].TrimEnd('-');
    }

    private static string List(List<string> columns) =>
        columns.Count <= 8 ? string.Join(", ", columns) : $"{string.Join(", ", columns.Take(8))} and {columns.Count - 8} more";
}
