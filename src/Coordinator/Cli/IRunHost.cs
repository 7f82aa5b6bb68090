using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli;

/// <summary>Runs a study in this process.</summary>
public interface IRunHost
{
    /// <summary>Creates, resumes or extends the study and returns when it is finished, drained or was finished already.</summary>
    /// <param name="request">What the user asked for.</param>
    /// <param name="observer">Told what happens, from any thread, one call at a time.</param>
    /// <param name="interrupt">Cancelled by the first Ctrl-C or SIGTERM: hand out nothing more, release what runs, save and return.</param>
    /// <exception cref="SpecException">The data does not fit, or a fixed part of the study changed; says what.</exception>
    /// <exception cref="Views.StoreException">The store is another process's or cannot be written.</exception>
    Task<RunResult> Run(RunRequest request, IRunObserver observer, CancellationToken interrupt);
}

/// <param name="Spec">As parsed from the file, before <paramref name="Trials"/>, <paramref name="Parallel"/> and <paramref name="Seed"/>.</param>
/// <param name="FileName">As typed; <c>demo</c> for the built-in study.</param>
/// <param name="BaseDirectory">What the file's relative paths are relative to.</param>
/// <param name="Storage">URL of the store as typed; null for the default of the working directory.</param>
/// <param name="Trials">Replaces <c>budget.trials</c>: the total, not an addition.</param>
/// <param name="Parallel">Replaces <c>parallel.trials</c>.</param>
/// <param name="Seed">Replaces <c>strategy.seed</c>.</param>
/// <param name="Fresh">Archives a study of that name and begins again.</param>
/// <param name="Timings">Notes how long the steps up to the first trial took.</param>
public sealed record RunRequest(
    StudySpec Spec, string FileName, string BaseDirectory, string? Storage, int? Trials, int? Parallel, long? Seed, bool Fresh, bool Timings)
{
    /// <summary>Where the HTTP API listens while the study runs; null for nowhere.</summary>
    public string? Http { get; init; }
}

/// <param name="State">The study as it was left.</param>
/// <param name="AlreadyFinished">It was finished before and nothing was run.</param>
/// <param name="Interrupted">It was drained before its end.</param>
/// <param name="StoreDirectory">Where the results lie, for the user to read: a directory, or the URL without its password.</param>
public sealed record RunResult(StudyState State, bool AlreadyFinished, bool Interrupted, string StoreDirectory);
