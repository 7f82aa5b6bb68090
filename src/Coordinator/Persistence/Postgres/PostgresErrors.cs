using Npgsql;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence.Postgres;

/// <summary>What PostgreSQL says, in words a user can act on.</summary>
internal static class PostgresErrors
{
    /// <summary>Carries out something; what the database says against it comes as a <see cref="StoreException"/>.</summary>
    public static T Told<T>(PostgresLocation location, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (NpgsqlException failed)
        {
            throw Of(location, failed);
        }
        catch (TimeoutException late)
        {
            throw new StoreException($"The store {location.Name} does not answer: {late.Message.TrimEnd('.')}.", "Look after the database, and try again: whatever was asked may be asked twice.", late);
        }
    }

    public static StoreException NotMigrated(PostgresLocation location) => new(
        $"The database {location.Name} has no tables of ours.", $"Make them: tuning storage migrate --storage {location.Name}");

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static StoreException Of(PostgresLocation location, NpgsqlException e) => (e as PostgresException)?.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new StoreException(
            $"The store {location.Name} refuses its user: {Reason(e)}.", "Set PGPASSWORD, TUNING__StoragePassword or TUNING__StoragePasswordFile.", e),
        PostgresErrorCodes.InvalidCatalogName => new StoreException($"The store {location.Name} is not there: {Reason(e)}.", "createdb makes it, and 'tuning storage migrate' its tables.", e),
        PostgresErrorCodes.InsufficientPrivilege => new StoreException($"The store {location.Name} lacks a right: {Reason(e)}.", "'tuning storage migrate' needs to create tables; a coordinator to select, insert, update and delete.", e),
        PostgresErrorCodes.DiskFull => new StoreException($"The disk of {location.Name} is full.", "Make room; the coordinator goes on by itself.", e),
        { } state => new StoreException($"The store {location.Name} failed: {Reason(e)} ({state}).", "Look into the database's log.", e),
        null => new StoreException($"The store {location.Name} is not reachable: {Reason(e)}.", "Start the database, or name another with --storage; a coordinator goes on by itself when it is back.", e),
    };

    private static string Reason(NpgsqlException e) => ((e as PostgresException)?.MessageText ?? e.GetBaseException().Message).TrimEnd('.');
}
