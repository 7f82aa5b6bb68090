using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>Where studies are kept: a SQLite database and, in the folder that holds it, <c>blobs/</c>, <c>logs/</c> and <c>lock</c>.</summary>
/// <param name="DatabasePath">Absolute.</param>
public sealed record StoreLocation(string DatabasePath)
{
    /// <summary>The store of a working directory that names no other.</summary>
    public const string DefaultPath = ".tuning/studies.db";

    private const string Hint = "Write --storage sqlite:PATH; without it the store is " + DefaultPath + ".";

    /// <summary>The folder that holds the database; absolute.</summary>
    public string Directory => Path.GetDirectoryName(DatabasePath)!;

    public string BlobsDirectory => Path.Combine(Directory, "blobs");

    /// <summary>Unfinished trainings, a folder a study.</summary>
    public string CheckpointsDirectory => Path.Combine(Directory, "checkpoints");

    public string LogsDirectory => Path.Combine(Directory, "logs");

    public string LockPath => Path.Combine(Directory, "lock");

    /// <summary>Names the holder of the lock: the lock itself cannot be read while it is held.</summary>
    public string LockOwnerPath => Path.Combine(Directory, "lock.owner");

    /// <param name="url"><c>sqlite:PATH</c> or a plain path; null for <see cref="DefaultPath"/>.</param>
    /// <param name="workingDirectory">What relative paths start from.</param>
    /// <exception cref="StoreException">Another kind of storage, or no file's path.</exception>
    public static StoreLocation Parse(string? url, string workingDirectory)
    {
        var path = url is null ? DefaultPath : PathOf(url);
        if (string.IsNullOrWhiteSpace(path) || Path.EndsInDirectorySeparator(path))
        {
            throw new StoreException($"'{url}' names no database file.", Hint);
        }

        path = Path.GetFullPath(path, workingDirectory);
        if (System.IO.Directory.Exists(path))
        {
            throw new StoreException($"The store '{path}' is a directory.", $"Name a file in it, e.g. sqlite:{Path.Combine(path, "studies.db")}.");
        }

        // One lock a database, also when it is reached through a link.
        return new StoreLocation(Target(path));
    }

    /// <summary>As <see cref="Parse"/> takes it.</summary>
    public override string ToString() => $"sqlite:{DatabasePath}";

    private static string PathOf(string url)
    {
        var colon = url.IndexOf(':', StringComparison.Ordinal);

        // A single letter before the colon is a drive.
        if (colon < 2 || url.AsSpan(0, colon).ContainsAny('/', '\\', '.'))
        {
            return url;
        }

        var scheme = url[..colon].ToLowerInvariant();
        return scheme switch
        {
            "sqlite" when url.AsSpan(colon + 1).StartsWith("//") =>
                throw new StoreException($"'{url}' is no store: a path follows 'sqlite:' at once.", Hint),
            "sqlite" => url[(colon + 1)..],

            // The address may hold a password: it is not repeated.
            "postgres" or "postgresql" =>
                throw new StoreException("Storage in PostgreSQL is not in this release.", Hint),
            _ => throw new StoreException($"Storage '{scheme}:' is not known.", Hint),
        };
    }

    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            // Not there yet, or not readable: whoever opens it says so.
            return path;
        }
    }
}
