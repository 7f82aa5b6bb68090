using System.Security.Cryptography;
using System.Text;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Shared.Tests.Blobs;

public sealed class FileBlobStoreTests : BlobStoreSuite, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("blobs-").FullName;

    private string Blobs => Path.Combine(_root, "blobs");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    protected override IBlobStore Open(long quotaBytes) => new FileBlobStore(Blobs, quotaBytes);

    protected override void Damage(string sha256, byte[] content) => File.WriteAllBytes(Path.Combine(Blobs, sha256), content);

    [Fact]
    public void A_blob_is_a_file_named_by_its_hash()
    {
        var content = Encoding.UTF8.GetBytes("weights");
        var address = new FileBlobStore(Blobs).Put("study-1", content);

        Assert.Equal(content, File.ReadAllBytes(Path.Combine(Blobs, address)));
        Assert.True(File.Exists(Path.Combine(Blobs, "owners", "study-1", address)));
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
