using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Text;

namespace TuningCluster.Coordinator.Cli;

/// <summary>A study file as named on the command line.</summary>
/// <param name="FileName">As typed.</param>
/// <param name="Text">Its contents.</param>
/// <param name="BaseDirectory">What its relative paths are relative to.</param>
internal sealed record StudySource(string FileName, string Text, string BaseDirectory)
{
    /// <summary>The built-in study, where no file of that name is meant.</summary>
    public const string Demo = "demo";

    /// <exception cref="UsageException">There is no such file, or it cannot be read.</exception>
    public static StudySource Read(CliServices services, string fileName)
    {
        if (fileName == Demo)
        {
            return new StudySource(fileName, services.DemoStudy(), services.WorkingDirectory);
        }

        var path = Path.GetFullPath(fileName, services.WorkingDirectory);
        try
        {
            return new StudySource(fileName, File.ReadAllText(path), Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"there is no file '{fileName}'", Nearest(path) ?? "'tuning init --data FILE' writes one from your data; 'tuning run demo' needs none.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{fileName}' cannot be read: {(Directory.Exists(path) ? "it is a directory" : e.Message)}");
        }
    }

    /// <exception cref="SpecException">Everything wrong with the text.</exception>
    public StudySpec Parse() => StudyFile.Parse(Text, FileName).SpecOrThrow();

    /// <summary>Does something with the study, or tells everything wrong with it, whenever that comes to light.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> With(Terminal terminal, Func<StudySpec, Task<int>> act)
    {
        StudySpec spec;
        try
        {
            spec = Parse();
        }
        catch (SpecException fault)
        {
            return Explain(terminal, fault, located: true);
        }

        try
        {
            ConstraintFaults.ThrowIfAny(spec);
            return await act(spec).ConfigureAwait(false);
        }
        catch (SpecException fault)
        {
            return Explain(terminal, fault, located: false);
        }
    }

    /// <summary>Tells what is wrong, with place and caret.</summary>
    /// <param name="located">The errors bear their places already; else their paths lead to them.</param>
    /// <returns>The exit code.</returns>
    public int Explain(Terminal terminal, SpecException fault, bool located)
    {
        // What belongs to no place of the file, such as a study that exists already, gets no caret.
        foreach (var error in fault.Errors.Where(e => !located && e.Path.Length == 0))
        {
            FaultReport.Tell(terminal, error.Problem, error.Hint, ExitCode.BadInput);
        }

        var errors = located ? fault.Errors : [.. fault.Errors.Where(e => e.Path.Length > 0).Select(e => SpecPlace.Locate(e, Text))];
        foreach (var line in SpecErrorText.Render(errors, FileName, Text))
        {
            terminal.Error.WriteLine(line);
        }

        return ExitCode.BadInput;
    }

    private static string? Nearest(string path)
    {
        var directory = Path.GetDirectoryName(path);
        if (!Directory.Exists(directory))
        {
            return null;
        }

        var near = NearestName.Find(Path.GetFileName(path), Directory.EnumerateFiles(directory, "*.y*ml").Select(f => Path.GetFileName(f)));
        return near is null ? null : $"did you mean '{near}'?";
    }
}
