using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli;

/// <summary>What the verbs need of the rest of the program. Everything is made when a verb asks for it: <c>--help</c> opens no store.</summary>
public sealed record CliServices
{
    /// <summary>A read-only fold of the store at a URL as typed; null is the default store.</summary>
    public required Func<string?, IStudyGateway> OpenStore { get; init; }

    /// <summary>Runs studies in this process.</summary>
    public required Func<IRunHost> RunHost { get; init; }

    public required Func<IDataInspector> DataInspector { get; init; }

    public required IStudyFiles StudyFiles { get; init; }

    public ISignals Signals { get; init; } = ProcessSignals.Instance;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where relative paths begin.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Where the log lies that a report of an internal error should bring along.</summary>
    public string LogPath { get; init; } = Path.Combine(".tuning", "logs");
}

/// <summary>The format of study files, as the verbs use it.</summary>
public interface IStudyFiles
{
    /// <summary>Text of the built-in study <c>demo</c>.</summary>
    string Demo { get; }

    /// <exception cref="SpecException">Every fault of the text at once, with its place.</exception>
    StudySpec Parse(string text);

    /// <summary>Gives a fault found later, such as in the data, its place in the text by its path.</summary>
    SpecError Locate(string text, SpecError error);

    /// <summary>Faults for the user to read: file, line, column, caret, reason, hint.</summary>
    string Render(string fileName, string text, IReadOnlyList<SpecError> errors);

    /// <summary>A commented study file for a data file.</summary>
    /// <param name="name">The study's name.</param>
    /// <param name="source">The data file, relative to the study file.</param>
    string Template(string name, string source, DataSummary data, string target);
}
