using System.Data.Common;
using TuningCluster.Coordinator.Persistence.Postgres;
using TuningCluster.Coordinator.Persistence.Sqlite;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>Where studies are kept.</summary>
/// <param name="Directory">Absolute: what is this process's own, such as logs.</param>
public abstract record StoreLocation(string Directory)
{
    /// <summary>Stands for <c>--storage</c> where that is not given.</summary>
    public const string Variable = "TUNING__Storage";

    internal const string Hint = "Write --storage sqlite:PATH or --storage postgres://USER@HOST/DATABASE; without it the store is " + SqliteLocation.DefaultPath + ".";

    /// <summary>Unfinished trainings, a folder a study.</summary>
    public string CheckpointsDirectory => Path.Combine(Directory, "checkpoints");

    public string LogsDirectory => Path.Combine(Directory, "logs");

    /// <summary>As messages call it: bears no password.</summary>
    public abstract string Name { get; }

    /// <summary>Where a user finds what is kept.</summary>
    public virtual string Place => Name;

    /// <param name="url"><c>sqlite:PATH</c>, a plain path or <c>postgres://…</c>; null for what the environment says, else the default one.</param>
    /// <param name="workingDirectory">What relative paths start from.</param>
    /// <exception cref="StoreException">Another kind of storage, or none that can be.</exception>
    public static StoreLocation Parse(string? url, string workingDirectory)
    {
        url ??= Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told ? told : null;
        var colon = url?.IndexOf(':', StringComparison.Ordinal) ?? -1;

        // A single letter before the colon is a drive.
        if (url is null || colon < 2 || url.AsSpan(0, colon).ContainsAny('/', '\\', '.'))
        {
            return SqliteLocation.OfPath(url ?? SqliteLocation.DefaultPath, workingDirectory);
        }

        var scheme = url[..colon].ToLowerInvariant();
        return scheme switch
        {
            "sqlite" when url.AsSpan(colon + 1).StartsWith("//") =>
                throw new StoreException($"'{url}' is no store: a path follows 'sqlite:' at once.", Hint),
            "sqlite" => SqliteLocation.OfPath(url[(colon + 1)..], workingDirectory, url),
            "postgres" or "postgresql" => PostgresLocation.OfUrl(url, workingDirectory),
            _ => throw new StoreException($"Storage '{scheme}:' is not known.", Hint),
        };
    }

    /// <summary>As <see cref="Parse"/> takes it.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Makes the store, or brings it up to date.</summary>
    /// <returns>Whether it was made.</returns>
    /// <exception cref="StoreException">It cannot be.</exception>
    public abstract bool Migrate();

    /// <summary>The store, closed.</summary>
    internal abstract StudyStore Store();

    internal abstract StoreLock Lock(string command, TimeProvider time);

    /// <summary>Where data sets and weights are.</summary>
    /// <param name="quotaBytes">Most bytes that all of them may take.</param>
    public abstract IBlobStore Blobs(long quotaBytes, TimeProvider time);

    /// <summary>Reads without a lock, also while another process writes. Creates nothing.</summary>
    /// <param name="absent">The answer where there is no store yet.</param>
    /// <exception cref="StoreException">It cannot be read.</exception>
    internal abstract T Read<T>(T absent, Func<DbConnection, T> query);
}
