using System.Data.Common;
using LinqToDB.Interceptors;

namespace TuningCluster.Coordinator.Persistence.Sqlite;

/// <summary>Settings SQLite keeps by connection; Microsoft.Data.Sqlite has no keywords for them. Pooled connections get them at each opening.</summary>
internal sealed class ConnectionPragmas : ConnectionInterceptor
{
    private volatile bool _full;

    public Durability Durability
    {
        get => _full ? Durability.Shared : Durability.Local;
        set => _full = value == Durability.Shared;
    }

    private string Sql => $"PRAGMA synchronous = {(_full ? "FULL" : "NORMAL")}; PRAGMA busy_timeout = 10000;";

    public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = Sql;
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
