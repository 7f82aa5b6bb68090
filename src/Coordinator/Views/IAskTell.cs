using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Views;

/// <summary>Trials of external studies for programs that ask for them and tell what came of them.</summary>
public interface IAskTell
{
    /// <summary>Longest lease: a day.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);

    public static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(60);

    /// <summary>Most trials of one question.</summary>
    public const int MostTrials = 1000;

    /// <param name="name">Of the study.</param>
    /// <param name="count">How many, in [1, <see cref="MostTrials"/>].</param>
    /// <param name="lease">How long the program may be silent about each, whole seconds up to <see cref="LongestLease"/>; then whoever asks next gets it.</param>
    /// <returns>As many as there are, at least one; null when there is no study of that name.</returns>
    /// <exception cref="ConflictException">The study has none to hand out, or trains its trials itself.</exception>
    /// <exception cref="StoreException">The strategy, or the store, has not come up with one in time.</exception>
    Task<IReadOnlyList<AskedTrial>?> Ask(string name, int count, TimeSpan lease, CancellationToken cancel);

    /// <summary>A sign of life of a trial's program.</summary>
    /// <param name="name">Of the study; it exists.</param>
    /// <param name="number">Of the trial; it exists.</param>
    /// <param name="attempt">Which the program was given.</param>
    /// <param name="value">What it reports; null for none. Of a step that is not after the last nothing is kept.</param>
    /// <returns>Whether the program may stop.</returns>
    /// <exception cref="ConflictException">There was no such attempt.</exception>
    Task<bool> Report(string name, int number, int attempt, IntermediateValue? value, CancellationToken cancel);

    /// <summary>A program's last word on a trial. May be repeated.</summary>
    /// <param name="name">Of the study; it exists.</param>
    /// <param name="number">Of the trial; it exists.</param>
    /// <returns>The trial as it is then.</returns>
    /// <exception cref="SpecException">A value is missing.</exception>
    /// <exception cref="ConflictException">Another attempt counts, or the trial has ended otherwise.</exception>
    Task<TrialView> Tell(string name, int number, ToldTrial told, CancellationToken cancel);
}

/// <param name="Lease">Id of the lease, random.</param>
public sealed record AskedTrial(int Number, int Attempt, string Lease, TrialParameters Parameters);

/// <param name="Attempt">Which the program was given.</param>
/// <param name="State">complete, failed, diverged or pruned.</param>
/// <param name="Values">Of the objectives, in the order of the study file; those that are missing are looked for in the metrics.</param>
/// <param name="Metrics">What else is known of it.</param>
/// <param name="Reason">Why it failed or diverged.</param>
public sealed record ToldTrial(int Attempt, TrialState State, IReadOnlyList<double> Values, IReadOnlyDictionary<string, double> Metrics, string? Reason);
