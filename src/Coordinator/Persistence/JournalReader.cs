using System.Data.Common;
using System.Globalization;
using System.Runtime.Serialization;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Protocol.Serialization;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>Reads the journal without a lock, also while another process writes it. Creates no store where there is none.</summary>
public sealed class JournalReader(StoreLocation location)
{
    private const int PageSize = 1000;

    /// <summary>Internal ids of every study in the store, archived ones too, in ordinal order; none when there is no store.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<string> StudyIds() => location.Read<IReadOnlyList<string>>([], connection =>
    {
        using var command = connection.Command(
            "SELECT DISTINCT persistence_id FROM journal WHERE substr(persistence_id, 1, length(@prefix)) = @prefix", ("@prefix", StudyId.PersistencePrefix));
        using var rows = command.ExecuteReader();
        var ids = new List<string>();
        while (rows.Read())
        {
            ids.Add(StudyId.FromPersistenceId(rows.GetString(0)));
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    });

    /// <summary>The events of one study in order, page by page: a longer and longer prefix of what is being written.</summary>
    /// <param name="from">Sequence number of the first event wanted; they start at 1.</param>
    /// <exception cref="StoreException">While enumerating: the store cannot be read, an event is missing, or one cannot be decoded.</exception>
    public IEnumerable<StudyEvent> Read(string studyId, long from = 1)
    {
        for (var next = from; ;)
        {
            var page = Page(studyId, next);
            foreach (var e in page)
            {
                yield return e;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            next += page.Count;
        }
    }

    private IReadOnlyList<StudyEvent> Page(string studyId, long from) => location.Read<IReadOnlyList<StudyEvent>>([], connection =>
    {
        using var command = connection.Command(
            "SELECT sequence_number, identifier, manifest, message FROM journal WHERE persistence_id = @id AND sequence_number >= @from AND NOT deleted ORDER BY sequence_number LIMIT @limit",
            ("@id", StudyId.PersistenceId(studyId)), ("@from", from), ("@limit", PageSize));
        using var rows = command.ExecuteReader();
        var events = new List<StudyEvent>();
        while (rows.Read())
        {
            var expected = from + events.Count;
            var sequence = rows.GetInt64(0);
            if (sequence != expected)
            {
                throw Damaged(studyId, expected, sequence > expected ? "is missing" : "stands twice", null);
            }

            events.Add(Decode(studyId, sequence, rows));
        }

        return events;
    });

    private StudyEvent Decode(string studyId, long sequence, DbDataReader row)
    {
        if (row.IsDBNull(1) || row.GetInt32(1) != TuningSerializer.PermanentId)
        {
            throw Damaged(studyId, sequence, "was written by another serializer", null);
        }

        try
        {
            return (StudyEvent)JournalManifests.Table.Read(row.GetString(2), row.GetFieldValue<byte[]>(3));
        }
        catch (UnknownManifestException newer)
        {
            throw new StoreException(
                $"Event {sequence.ToString(CultureInfo.InvariantCulture)} of study '{studyId}' in {location.Name} is of a kind this program does not know ('{newer.Manifest}').",
                "Use the program that wrote it, or a newer one.",
                newer);
        }
        catch (Exception unreadable) when (unreadable is SerializationException or SpecException or InvalidCastException)
        {
            throw Damaged(studyId, sequence, $"cannot be decoded ({unreadable.Message.TrimEnd('.')})", unreadable);
        }
    }

    private StoreException Damaged(string studyId, long sequence, string what, Exception? cause) => new(
        $"The journal of study '{studyId}' in {location.Name} is damaged: event {sequence.ToString(CultureInfo.InvariantCulture)} {what}.",
        "Restore the store from a copy, or begin the study anew with --fresh.",
        cause);
}
