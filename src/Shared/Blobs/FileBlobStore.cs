using System.Buffers;
using System.Security.Cryptography;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Shared.Blobs;

/// <summary>Blobs as files of one directory: <c>SHA256</c> holds the bytes, the empty file <c>owners/OWNER/SHA256</c> says who needs them.</summary>
/// <remarks>
/// Safe with several threads, instances and processes on one machine. The directory comes into being with the first <see cref="Put"/>;
/// reading never creates anything. Bytes are written aside, flushed and renamed, so that a blob is whole or not there; what a
/// killed process left aside, and blobs that it had not given an owner yet, are swept at the first write of the next.
/// </remarks>
public sealed class FileBlobStore : IBlobStore
{
    /// <summary>10 GiB.</summary>
    public const long DefaultQuotaBytes = 10L << 30;

    private const string TemporaryEnding = ".tmp";
    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdef");
    private static readonly TimeSpan AgeOfLeftovers = TimeSpan.FromMinutes(1);

    private readonly string _directory;
    private readonly string _owners;
    private readonly long _quotaBytes;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private long? _usedBytes;

    /// <param name="directory">Holds the blobs and nothing else; need not exist.</param>
    /// <param name="quotaBytes">Most bytes all blobs together may take.</param>
    /// <param name="time">Tells the age of leftovers; the system's when null.</param>
    public FileBlobStore(string directory, long quotaBytes = DefaultQuotaBytes, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentOutOfRangeException.ThrowIfNegative(quotaBytes);
        _directory = Path.GetFullPath(directory);
        _owners = Path.Combine(_directory, "owners");
        _quotaBytes = quotaBytes;
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The owner's name is not made of letters, digits, '-', '_' and '.'.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public string Put(string owner, ReadOnlySpan<byte> content)
    {
        CheckOwner(owner);
        var sha256 = Hash(content);
        OpenForWriting();
        var path = PathOf(sha256);

        // A damaged blob is written again, which mends it for its other owners too.
        var temporary = IsWhole(path, sha256, content.Length) ? null : WriteAside(content);
        try
        {
            using (_gate.EnterScope())
            using (DirectoryLock.Take(_directory))
            {
                // Another process may have let go of the blob since it was found.
                if (temporary is null && !File.Exists(path))
                {
                    temporary = WriteAside(content);
                }

                if (temporary is not null)
                {
                    Admit(path, content.Length);
                    File.Move(temporary, path, overwrite: true);
                    temporary = null;
                    DirectorySync.Flush(_directory);
                }

                Mark(owner, sha256);
            }
        }
        finally
        {
            if (temporary is not null)
            {
                File.Delete(temporary);
            }
        }

        return sha256;
    }

    /// <inheritdoc />
    public byte[] Get(string sha256)
    {
        if (!IsAddress(sha256))
        {
            throw new BlobMissingException(sha256, "is not a SHA-256 in lower-case hexadecimal");
        }

        try
        {
            var content = File.ReadAllBytes(PathOf(sha256));
            return Hash(content) == sha256 ? content : throw new BlobMissingException(sha256, "is damaged: its bytes have another hash");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BlobMissingException(sha256, "is not in the store");
        }
    }

    /// <inheritdoc />
    public bool Contains(string sha256) => IsAddress(sha256) && File.Exists(PathOf(sha256));

    /// <inheritdoc />
    public void Release(string owner, string sha256)
    {
        CheckOwner(owner);
        if (!IsAddress(sha256) || !Directory.Exists(_directory))
        {
            return;
        }

        using (_gate.EnterScope())
        using (DirectoryLock.Take(_directory))
        {
            var marks = Path.Combine(_owners, owner);
            if (!Directory.Exists(marks))
            {
                return;
            }

            File.Delete(Path.Combine(marks, sha256));
            if (!Directory.EnumerateFileSystemEntries(marks).Any())
            {
                Directory.Delete(marks);
            }

            if (!Directory.EnumerateDirectories(_owners).Any(o => File.Exists(Path.Combine(o, sha256))))
            {
                Remove(PathOf(sha256));
            }
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<string> OwnedBy(string owner)
    {
        CheckOwner(owner);
        try
        {
            var marks = Directory.EnumerateFiles(Path.Combine(_owners, owner));
            return [.. marks.Select(mark => Path.GetFileName(mark)).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Owners()
    {
        try
        {
            return [.. Directory.EnumerateDirectories(_owners).Select(owner => Path.GetFileName(owner)).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static bool IsAddress(string name) => name.Length == 64 && !name.AsSpan().ContainsAnyExcept(HexadecimalDigits);

    /// <summary>The rule of all stores.</summary>
    /// <exception cref="ArgumentException">The owner's name is not made of letters, digits, '-', '_' and '.'.</exception>
    public static void CheckOwner(string owner)
    {
        if (owner.Length == 0 || owner[0] == '.' || !owner.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new ArgumentException($"'{owner}' cannot name an owner: letters, digits, '-', '_' and '.' only, not starting with '.'.", nameof(owner));
        }
    }

    private static bool IsWhole(string path, string sha256, int length)
    {
        var file = new FileInfo(path);
        try
        {
            return file.Exists && file.Length == length && Hash(File.ReadAllBytes(path)) == sha256;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private string PathOf(string sha256) => Path.Combine(_directory, sha256);

    private string WriteAside(ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_directory, Rng.FreshId() + TemporaryEnding);
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            file.Write(content);
            file.Flush(flushToDisk: true);
            return path;
        }
        catch (IOException)
        {
            // A full disk must not stay full because of our half of a file.
            File.Delete(path);
            throw;
        }
    }

    private void Mark(string owner, string sha256)
    {
        var marks = Path.Combine(_owners, owner);
        if (!Directory.Exists(marks))
        {
            Directory.CreateDirectory(marks);
            DirectorySync.Flush(_owners);
        }

        var mark = Path.Combine(marks, sha256);
        if (!File.Exists(mark))
        {
            File.Create(mark, bufferSize: 1).Dispose();
            DirectorySync.Flush(marks);
        }
    }

    // What this instance counts is what it did itself; before it refuses it counts again what is really there.
    private void Admit(string path, long length)
    {
        var more = length - (File.Exists(path) ? new FileInfo(path).Length : 0);
        if (_usedBytes is not { } used || used + more > _quotaBytes)
        {
            used = Blobs().Sum(b => b.Length);
            if (used + more > _quotaBytes)
            {
                _usedBytes = used;
                throw new BlobQuotaException(length, used, _quotaBytes);
            }
        }

        _usedBytes = used + more;
    }

    private void Remove(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists)
        {
            _usedBytes -= file.Length;
            file.Delete();
        }
    }

    private IEnumerable<FileInfo> Blobs() => new DirectoryInfo(_directory).EnumerateFiles().Where(f => IsAddress(f.Name));

    private void OpenForWriting()
    {
        using (_gate.EnterScope())
        {
            if (_usedBytes is not null && Directory.Exists(_owners))
            {
                return;
            }

            Directory.CreateDirectory(_owners);
            using (DirectoryLock.Take(_directory))
            {
                Sweep();
                _usedBytes = Blobs().Sum(b => b.Length);
            }
        }
    }

    private void Sweep()
    {
        var owned = Directory.EnumerateFiles(_owners, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)).ToHashSet(StringComparer.Ordinal);
        var newest = _time.GetUtcNow().UtcDateTime - AgeOfLeftovers;
        foreach (var file in new DirectoryInfo(_directory).EnumerateFiles())
        {
            var isLeftover = file.Name.EndsWith(TemporaryEnding, StringComparison.Ordinal) || (IsAddress(file.Name) && !owned.Contains(file.Name));
            if (isLeftover && file.LastWriteTimeUtc < newest)
            {
                file.Delete();
            }
        }
    }
}
