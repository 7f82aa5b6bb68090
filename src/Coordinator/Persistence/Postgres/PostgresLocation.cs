using System.Collections.Concurrent;
using System.Data.Common;
using Npgsql;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Persistence.Postgres;

/// <summary>A PostgreSQL database: journal, snapshots and blobs are in it; logs and checkpoints of local trainings are this process's own.</summary>
public sealed record PostgresLocation : StoreLocation
{
    /// <summary>How long a connection may take, and a statement: longer ones are broken ones.</summary>
    private const int ConnectSeconds = 5;
    private const int StatementSeconds = 30;

    private const string Example = "Write --storage postgres://USER@HOST/DATABASE, e.g. postgres://tuning@db1:5432/tuning?sslmode=verify-full.";
    private const string PasswordVariable = "TUNING__StoragePassword";
    private const string PasswordFileVariable = "TUNING__StoragePasswordFile";

    /// <summary>One pool a database, as long as the process lives.</summary>
    private static readonly ConcurrentDictionary<string, NpgsqlDataSource> Sources = new(StringComparer.Ordinal);

    private PostgresLocation(string name, string connection, string directory)
        : base(directory) => (Name, Connection) = (name, connection);

    public override string Name { get; }

    /// <summary>Without a password.</summary>
    private string Connection { get; }

    internal NpgsqlDataSource Source => Sources.GetOrAdd(Connection, connection => NpgsqlDataSource.Create(WithPassword(connection)));

    /// <summary>A connection of its own, that ends when it is closed: what a session holds ends with it.</summary>
    internal NpgsqlConnection OpenSession()
    {
        var session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(WithPassword(Connection)) { Pooling = false }.ConnectionString);
        try
        {
            session.Open();
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <param name="url">
    /// <c>postgres://USER@HOST:PORT/DATABASE?KEY=VALUE</c>; keys are those of libpq for TLS (<c>sslmode</c>, <c>sslrootcert</c>, <c>sslcert</c>,
    /// <c>sslkey</c>) and of Npgsql. The password is none of its parts.
    /// </param>
    /// <exception cref="StoreException">It is none.</exception>
    public static PostgresLocation OfUrl(string url, string workingDirectory)
    {
        // What is wrong with it is told without it: a password may be in it anywhere.
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.AbsolutePath.Trim('/') is not { Length: > 0 } database || database.Contains('/', StringComparison.Ordinal))
        {
            throw new StoreException("The address of the PostgreSQL store names no host or no database.", Example);
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new StoreException(
                "The address of the PostgreSQL store bears a password, which everybody on this machine could read.",
                $"Leave it out, and set PGPASSWORD, {PasswordVariable} or {PasswordFileVariable}.");
        }

        var user = Uri.UnescapeDataString(uri.UserInfo);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort,
            Database = Uri.UnescapeDataString(database),
            Timeout = ConnectSeconds,
            CommandTimeout = StatementSeconds,
            ApplicationName = "tuning",
        };
        if (user.Length > 0)
        {
            builder.Username = user;
        }

        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = pair.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? (pair[..at], pair[(at + 1)..]) : (pair, "");
            Set(builder, Uri.UnescapeDataString(key), Uri.UnescapeDataString(value));
        }

        return new PostgresLocation(
            $"postgres://{(user.Length > 0 ? uri.UserInfo + "@" : "")}{uri.Host}:{builder.Port}/{database}", builder.ConnectionString,
            Path.GetFullPath(".tuning", workingDirectory));
    }

    public override IBlobStore Blobs(long quotaBytes, TimeProvider time) => new PostgresBlobs(this, quotaBytes);

    public override bool Migrate() => PostgresErrors.Told(this, () =>
    {
        using var connection = Source.OpenConnection();
        return PostgresSchema.Migrate(connection, this) is null;
    });

    internal override StudyStore Store() => new PostgresStore(this);

    internal override StoreLock Lock(string command, TimeProvider time) => PostgresLock.Acquire(this, command, time);

    internal override T Read<T>(T absent, Func<DbConnection, T> query) => PostgresErrors.Told(this, () =>
    {
        using var connection = Source.OpenConnection();
        PostgresSchema.Check(connection, this);
        return query(connection);
    });

    private static void Set(NpgsqlConnectionStringBuilder builder, string key, string value)
    {
        if (key.Equals("password", StringComparison.OrdinalIgnoreCase))
        {
            throw new StoreException("The address of the PostgreSQL store bears a password, which everybody on this machine could read.", $"Leave it out, and set PGPASSWORD, {PasswordVariable} or {PasswordFileVariable}.");
        }

        try
        {
            builder[key.ToLowerInvariant() switch
            {
                "sslmode" => "SSL Mode",
                "sslrootcert" => "Root Certificate",
                "sslcert" => "SSL Certificate",
                "sslkey" => "SSL Key",
                _ => key,
            }] = key.Equals("sslmode", StringComparison.OrdinalIgnoreCase) ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        catch (Exception unknown) when (unknown is ArgumentException or FormatException or InvalidCastException)
        {
            throw new StoreException($"The address of the PostgreSQL store has '{key}', which is no setting of a connection or cannot be that.", Example, unknown);
        }
    }

    private static string WithPassword(string connection)
    {
        var secret = Environment.GetEnvironmentVariable(PasswordVariable);
        if (Environment.GetEnvironmentVariable(PasswordFileVariable) is { Length: > 0 } file)
        {
            try
            {
                secret = File.ReadAllText(file).TrimEnd('\r', '\n');
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StoreException($"{PasswordFileVariable}: {e.Message}", "Name a file that holds the database's password alone.", e);
            }
        }

        // Without one Npgsql looks for PGPASSWORD and PGPASSFILE.
        return string.IsNullOrEmpty(secret) ? connection : new NpgsqlConnectionStringBuilder(connection) { Password = secret }.ConnectionString;
    }
}
