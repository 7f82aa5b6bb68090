using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli;

/// <summary>What the verbs need of the rest of the program. Everything is made when a verb asks for it: <c>--help</c> opens no store.</summary>
public sealed record CliServices
{
    /// <summary>A read-only fold of the store at a URL as typed; null is the default store.</summary>
    public required Func<string?, IStudyGateway> OpenStore { get; init; }

    /// <summary>A coordinator at a URL as typed.</summary>
    public HttpGateway OpenCluster(string url) => ClusterAccess.Open(url, WorkingDirectory);

    /// <summary>Runs a coordinator node to its end; gives the exit code.</summary>
    public required Func<CoordinatorOptions, CancellationToken, Task<int>> RunCoordinator { get; init; }

    /// <summary>Runs studies in this process.</summary>
    public required Func<IRunHost> RunHost { get; init; }

    public required Func<IDataInspector> DataInspector { get; init; }

    /// <summary>The table that a study starts from; what its path is relative to.</summary>
    public required Func<StudySpec, string, WarmStart> TrialTable { get; init; }

    /// <summary>Text of the built-in study <c>demo</c>.</summary>
    public required Func<string> DemoStudy { get; init; }

    /// <summary>A commented study file for a data file.</summary>
    public required StudyFileWriter WriteStudyFile { get; init; }

    public ISignals Signals { get; init; } = ProcessSignals.Instance;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where relative paths begin.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Where the log lies that a report of an internal error should bring along.</summary>
    public string LogPath { get; init; } = Path.Combine(".tuning", "logs");
}

/// <param name="name">The study's name.</param>
/// <param name="source">The data file, relative to the study file.</param>
/// <param name="target">The column to predict.</param>
/// <param name="summary">The data at a glance.</param>
/// <param name="task">What the target asks for.</param>
public delegate string StudyFileWriter(string name, string source, string target, DataSummary summary, LearningTask task);
