using Akka.Persistence.Sql.Config;
using LinqToDB;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>The database of studies, open for writing. Its opener holds the <see cref="StoreLock"/>.</summary>
public abstract class StudyStore : IDisposable
{
    public abstract StoreLocation Location { get; }

    /// <summary>For everything that opens connections, the journal first.</summary>
    public abstract DataOptions DataOptions { get; }

    /// <summary>Journal and snapshot store of an actor system; to be followed by <c>SqlPersistence.DefaultConfiguration</c> as its fallback.</summary>
    public abstract string Hocon { get; }

    /// <summary>Takes effect with the next connection, that is with the next write.</summary>
    public abstract Durability Durability { get; set; }

    /// <summary>Hands <see cref="DataOptions"/> to journal and snapshot store, so that no connection string is in the configuration.</summary>
    public DataOptionsSetup Setup => new(DataOptions);

    /// <summary>A store that nobody has touched yet: says how it will be reached, so that a node can be made while it is being opened.</summary>
    public static StudyStore At(StoreLocation location) => location.Store();

    /// <inheritdoc cref="Open"/>
    public static StudyStore OpenForWriting(StoreLocation location)
    {
        var store = At(location);
        store.Open();
        return store;
    }

    /// <summary>Makes sure that it can be written. The caller holds the <see cref="StoreLock"/>.</summary>
    /// <exception cref="StoreException">Not reachable, read-only, damaged, newer than this program, or not a store.</exception>
    public abstract void Open();

    /// <summary>Removes journal and snapshots of these studies; all or nothing. Studies that are not there are no error.</summary>
    /// <param name="studyIds">Internal ids; none of them may have a living actor.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    public abstract void Delete(IReadOnlyCollection<string> studyIds);

    /// <summary>Closes idle connections.</summary>
    public abstract void Dispose();

    /// <summary>What both kinds share.</summary>
    /// <param name="settings">Of journal and snapshot store alike.</param>
    /// <param name="journal">Of the journal alone.</param>
    /// <remarks>
    /// <c>replay-filter</c>: its default silently drops acknowledged events when two incarnations of a writer took turns.
    /// <c>tag-write-mode</c> fixes the tables' layout for ever.
    /// </remarks>
    private protected static string HoconOf(string settings, string journal) =>
        $$"""
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            auto-start-journals = ["akka.persistence.journal.sql"]
            sql {
              {{settings}}
              {{journal}}
              tag-write-mode = Csv
              circuit-breaker { max-failures = 10, call-timeout = 20s, reset-timeout = 5s }
            }
          }
          journal-plugin-fallback.replay-filter.mode = warn
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            auto-start-snapshot-stores = ["akka.persistence.snapshot-store.sql"]
            sql {
              {{settings}}
              circuit-breaker { max-failures = 10, call-timeout = 20s, reset-timeout = 5s }
            }
          }
          # A snapshot only saves time: events are never deleted.
          snapshot-store-plugin-fallback.snapshot-is-optional = true
          query.journal.sql.write-plugin = "akka.persistence.journal.sql"
        }
        """;
}

/// <summary>What a power cut may cost.</summary>
public enum Durability
{
    /// <summary>The last commits, never consistency: enough while whoever counts on them dies with the machine.</summary>
    Local,

    /// <summary>Nothing that was acknowledged: as soon as a worker or a teller is in another process.</summary>
    Shared,
}
