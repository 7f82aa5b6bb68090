using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Persistence.Postgres;

/// <summary>Blobs as rows of the study database, in chunks: they survive the node that took them.</summary>
/// <param name="quotaBytes">Most bytes all blobs together may take.</param>
public sealed class PostgresBlobs(PostgresLocation location, long quotaBytes) : IBlobStore
{
    /// <summary>A row of that size is sent and kept without being copied much.</summary>
    private const int ChunkBytes = 1 << 20;

    /// <summary>"Blob": one writer at a time counts against the quota.</summary>
    private const long Writers = 0x426C6F62;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The owner's name is not made of letters, digits, '-', '_' and '.'.</exception>
    /// <exception cref="StoreException">The database is not reachable, or failed; so of all members.</exception>
    public string Put(string owner, ReadOnlySpan<byte> content)
    {
        FileBlobStore.CheckOwner(owner);
        var bytes = content.ToArray();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return Carry(connection =>
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute("SELECT pg_advisory_xact_lock(@writers)", ("@writers", Writers));
            if (Find(connection, sha256) is { } there && there.AsSpan().SequenceEqual(bytes))
            {
                Own(connection, owner, sha256);
            }
            else
            {
                // A damaged blob is written again, which mends it for its other owners too.
                connection.Execute("DELETE FROM tuning_blob_chunk WHERE sha256 = @sha256", ("@sha256", sha256));
                var used = Convert.ToInt64(connection.Scalar("SELECT coalesce(sum(length), 0)::bigint FROM tuning_blob WHERE sha256 <> @sha256", ("@sha256", sha256)), CultureInfo.InvariantCulture);
                if (used + bytes.Length > quotaBytes)
                {
                    throw new BlobQuotaException(bytes.Length, used, quotaBytes);
                }

                connection.Execute("INSERT INTO tuning_blob (sha256, length) VALUES (@sha256, @length) ON CONFLICT DO NOTHING", ("@sha256", sha256), ("@length", (long)bytes.Length));
                for (var number = 0; number * (long)ChunkBytes < bytes.Length; number++)
                {
                    var start = number * ChunkBytes;
                    connection.Execute(
                        "INSERT INTO tuning_blob_chunk (sha256, number, bytes) VALUES (@sha256, @number, @bytes)",
                        ("@sha256", sha256), ("@number", number), ("@bytes", new ReadOnlyMemory<byte>(bytes, start, Math.Min(ChunkBytes, bytes.Length - start))));
                }

                Own(connection, owner, sha256);
            }

            transaction.Commit();
            return sha256;
        });
    }

    /// <inheritdoc/>
    public byte[] Get(string sha256) => Carry(connection =>
    {
        var bytes = Find(connection, sha256) ?? throw new BlobMissingException(sha256, IsAddress(sha256) ? "is not in the store" : "is not a SHA-256 in lower-case hexadecimal");
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256 ? bytes : throw new BlobMissingException(sha256, "is damaged: its bytes have another hash");
    });

    /// <inheritdoc/>
    public bool Contains(string sha256) => Carry(connection => connection.Scalar("SELECT 1 FROM tuning_blob WHERE sha256 = @sha256", ("@sha256", sha256)) is not null);

    /// <inheritdoc/>
    public void Release(string owner, string sha256)
    {
        FileBlobStore.CheckOwner(owner);
        Carry(connection =>
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute("SELECT pg_advisory_xact_lock(@writers)", ("@writers", Writers));
            connection.Execute("DELETE FROM tuning_blob_owner WHERE owner = @owner AND sha256 = @sha256", ("@owner", owner), ("@sha256", sha256));
            connection.Execute(
                "DELETE FROM tuning_blob WHERE sha256 = @sha256 AND NOT EXISTS (SELECT 1 FROM tuning_blob_owner WHERE sha256 = @sha256)", ("@sha256", sha256));
            transaction.Commit();
            return true;
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> OwnedBy(string owner)
    {
        FileBlobStore.CheckOwner(owner);
        return Names("SELECT sha256 FROM tuning_blob_owner WHERE owner = @owner", ("@owner", owner));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Owners() => Names("SELECT DISTINCT owner FROM tuning_blob_owner");

    private static bool IsAddress(string name) => name.Length == 64 && name.All(char.IsAsciiHexDigitLower);

    private static void Own(NpgsqlConnection connection, string owner, string sha256) =>
        connection.Execute("INSERT INTO tuning_blob_owner (owner, sha256) VALUES (@owner, @sha256) ON CONFLICT DO NOTHING", ("@owner", owner), ("@sha256", sha256));

    private static byte[]? Find(NpgsqlConnection connection, string sha256)
    {
        if (connection.Scalar("SELECT length FROM tuning_blob WHERE sha256 = @sha256", ("@sha256", sha256)) is not long length)
        {
            return null;
        }

        var content = new MemoryStream((int)length);
        using var command = connection.Command("SELECT bytes FROM tuning_blob_chunk WHERE sha256 = @sha256 ORDER BY number", ("@sha256", sha256));
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            content.Write(rows.GetFieldValue<byte[]>(0));
        }

        return content.Length == content.Capacity ? content.GetBuffer() : content.ToArray();
    }

    private List<string> Names(string query, params (string, object)[] values) => Carry(connection =>
    {
        using var command = connection.Command(query, values);
        using var rows = command.ExecuteReader();
        var names = new List<string>();
        while (rows.Read())
        {
            names.Add(rows.GetString(0));
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    });

    private T Carry<T>(Func<NpgsqlConnection, T> action) => PostgresErrors.Told(location, () =>
    {
        using var connection = location.Source.OpenConnection();
        return action(connection);
    });
}
