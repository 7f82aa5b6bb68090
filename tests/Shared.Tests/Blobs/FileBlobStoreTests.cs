using System.Security.Cryptography;
using System.Text;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Shared.Tests.Blobs;

public sealed class FileBlobStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("blobs-").FullName;

    private string Blobs => Path.Combine(_root, "blobs");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Gives_back_what_was_put_under_its_hash()
    {
        var content = Encoding.UTF8.GetBytes("weights");
        var address = new FileBlobStore(Blobs).Put("study-1", content);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), address);
        var other = new FileBlobStore(Blobs);
        Assert.True(other.Contains(address));
        Assert.Equal(content, other.Get(address));
        Assert.Equal([address], other.OwnedBy("study-1"));
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(Blobs, address)));
        Assert.True(File.Exists(Path.Combine(Blobs, "owners", "study-1", address)));
    }

    [Fact]
    public void Keeps_an_empty_blob()
    {
        var store = new FileBlobStore(Blobs);
        Assert.Empty(store.Get(store.Put("s", [])));
    }

    [Fact]
    public void Reading_and_releasing_never_create_the_directory()
    {
        var store = new FileBlobStore(Blobs);
        var address = new string('0', 64);

        Assert.False(store.Contains(address));
        Assert.Empty(store.OwnedBy("s"));
        store.Release("s", address);
        Assert.Throws<BlobMissingException>(() => store.Get(address));
        Assert.False(Directory.Exists(Blobs));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("ABCDEF0000000000000000000000000000000000000000000000000000000000")]
    public void Something_that_is_no_address_is_not_in_the_store(string name)
    {
        var store = new FileBlobStore(Blobs);
        store.Put("s", [1]);
        Assert.False(store.Contains(name));
        Assert.Contains("is not a SHA-256", Assert.Throws<BlobMissingException>(() => store.Get(name)).Message, StringComparison.Ordinal);
        store.Release("s", name);
        Assert.Single(store.OwnedBy("s"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    public void Refuses_an_owner_that_could_leave_the_directory(string owner)
    {
        var store = new FileBlobStore(Blobs);
        Assert.Throws<ArgumentException>(() => store.Put(owner, [1]));
        Assert.Throws<ArgumentException>(() => store.Release(owner, new string('0', 64)));
        Assert.Throws<ArgumentException>(() => store.OwnedBy(owner));
    }

    [Fact]
    public void A_damaged_blob_is_told_and_mended_by_putting_it_again()
    {
        var store = new FileBlobStore(Blobs);
        var address = store.Put("s", [1, 2, 3]);
        File.WriteAllBytes(Path.Combine(Blobs, address), [1, 2, 4]);

        var error = Assert.Throws<BlobMissingException>(() => store.Get(address));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(address, error.Sha256);

        store.Put("s", [1, 2, 3]);
        Assert.Equal([1, 2, 3], store.Get(address));
    }

    [Fact]
    public void A_blob_lives_as_long_as_its_last_owner()
    {
        var store = new FileBlobStore(Blobs);
        var address = store.Put("first", [7]);
        Assert.Equal(address, store.Put("second", [7]));

        store.Release("first", address);
        Assert.True(store.Contains(address));
        Assert.Empty(store.OwnedBy("first"));

        store.Release("second", address);
        Assert.False(store.Contains(address));
        store.Release("second", address);
    }

    [Fact]
    public void Who_never_owned_a_blob_cannot_delete_it()
    {
        var store = new FileBlobStore(Blobs);
        var address = store.Put("first", [7]);
        store.Release("stranger", address);
        Assert.True(store.Contains(address));
    }

    [Fact]
    public void Putting_twice_is_putting_once()
    {
        var store = new FileBlobStore(Blobs, quotaBytes: 4);
        var address = store.Put("s", [1, 2, 3]);
        Assert.Equal(address, store.Put("s", [1, 2, 3]));
        Assert.Equal(address, store.Put("t", [1, 2, 3]));
        Assert.Equal([address], store.OwnedBy("s"));
        store.Release("s", address);
        Assert.Equal([1, 2, 3], store.Get(address));
    }

    [Fact]
    public void A_full_store_refuses_and_keeps_nothing_of_what_it_refused()
    {
        var store = new FileBlobStore(Blobs, quotaBytes: 10);
        var address = store.Put("s", new byte[8]);

        var error = Assert.Throws<BlobQuotaException>(() => store.Put("s", [1, 2, 3]));
        Assert.Contains("8 of 10 bytes; 3 more", error.Message, StringComparison.Ordinal);
        Assert.Equal([address], store.OwnedBy("s"));
        Assert.Empty(Directory.GetFiles(Blobs, "*.tmp"));

        store.Put("s", [1, 2]);
        store.Release("s", address);
        store.Put("s", [1, 2, 3]);
    }

    [Fact]
    public void Room_that_another_instance_made_or_took_counts()
    {
        var store = new FileBlobStore(Blobs, quotaBytes: 10);
        var other = new FileBlobStore(Blobs, quotaBytes: 10);
        var address = store.Put("s", new byte[8]);
        Assert.Throws<BlobQuotaException>(() => other.Put("t", [1, 2, 3]));
        other.Release("s", address);
        store.Put("s", [1, 2, 3]);
    }

    [Fact]
    public void Leftovers_of_a_killed_process_are_swept_at_the_first_write_once_they_are_old()
    {
        var store = new FileBlobStore(Blobs);
        var kept = store.Put("s", [1]);
        var half = Path.Combine(Blobs, "0123456789abcdef.tmp");
        var orphan = Path.Combine(Blobs, new string('a', 64));
        var stranger = Path.Combine(Blobs, "notes.txt");
        foreach (var path in (string[])[half, orphan, stranger])
        {
            File.WriteAllBytes(path, [9]);
        }

        new FileBlobStore(Blobs, time: new Later(TimeSpan.FromSeconds(20))).Put("s", [2]);
        Assert.True(File.Exists(half));
        Assert.True(File.Exists(orphan));

        var reader = new FileBlobStore(Blobs, time: new Later(TimeSpan.FromMinutes(2)));
        Assert.True(reader.Contains(kept));
        Assert.True(File.Exists(half));

        reader.Put("s", [3]);
        Assert.False(File.Exists(half));
        Assert.False(File.Exists(orphan));
        Assert.True(File.Exists(stranger));
        Assert.Equal([1], reader.Get(kept));
    }

    [Fact]
    public async Task Concurrent_writers_and_releasers_leave_every_held_blob_whole()
    {
        const int writers = 8;
        var held = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() =>
        {
            // One instance each, as if each were a process: only the lock file is between them.
            var store = new FileBlobStore(Blobs);
            var last = string.Empty;
            for (var i = 0; i < 12; i++)
            {
                last = store.Put($"w{writer}", [(byte)(i % 4)]);
                if (i < 11)
                {
                    store.Release($"w{writer}", last);
                }
            }

            return last;
        })));

        var after = new FileBlobStore(Blobs);
        for (var writer = 0; writer < writers; writer++)
        {
            Assert.Equal([held[writer]], after.OwnedBy($"w{writer}"));
            Assert.Equal([3], after.Get(held[writer]));
        }

        Assert.Single(Directory.GetFiles(Blobs), f => Path.GetFileName(f).Length == 64);
        Assert.Empty(Directory.GetFiles(Blobs, "*.tmp"));
    }

    [Fact]
    public void Goes_on_after_its_directory_was_removed()
    {
        var store = new FileBlobStore(Blobs);
        store.Put("s", [1]);
        Directory.Delete(Blobs, recursive: true);
        Assert.Equal([2], store.Get(store.Put("s", [2])));
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
