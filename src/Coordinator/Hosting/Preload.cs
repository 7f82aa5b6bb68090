using LinqToDB;
using LinqToDB.Data;
using LinqToDB.Mapping;
using TuningCluster.Coordinator.Persistence.Sqlite;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>
/// Loads and compiles, on a second core, what a run needs once its command line and study file have been read: the actor system's settings
/// and the way to the database. Touches no file and opens no port.
/// </summary>
public static class Preload
{
    public static void Start()
    {
        _ = Task.Run(() => LocalNode.Config);
        _ = Task.Run(() =>
        {
            using var database = new DataConnection(SqliteStore.InMemory);
            database.GetTable<Nothing>().Where(row => row.Number > 0).OrderBy(row => row.Number).Select(row => row.Number).ToSqlQuery();
        });
    }

    [Table("nothing")]
    private sealed class Nothing
    {
        [Column("number")]
        public long Number { get; set; }
    }
}
