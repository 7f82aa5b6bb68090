using System.Security.Cryptography;
using System.Text;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Shared.Tests.Blobs;

/// <summary>What every store of blobs does, wherever it keeps them.</summary>
public abstract class BlobStoreSuite
{
    private const long Plenty = 1L << 30;

    /// <summary>The same store each time, by another instance.</summary>
    protected abstract IBlobStore Open(long quotaBytes = Plenty);

    /// <summary>Puts other bytes in a blob's place.</summary>
    protected abstract void Damage(string sha256, byte[] content);

    [Fact]
    public void Gives_back_what_was_put_under_its_hash()
    {
        var content = Encoding.UTF8.GetBytes("weights");
        var address = Open().Put("study-1", content);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), address);
        var other = Open();
        Assert.True(other.Contains(address));
        Assert.Equal(content, other.Get(address));
        Assert.Equal([address], other.OwnedBy("study-1"));
        Assert.Empty(other.OwnedBy("study-2"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData((5 << 20) + 7)]
    public void Keeps_blobs_of_any_size(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        Assert.Equal(content, Open().Get(Open().Put("s", content)));
    }

    [Fact]
    public void What_is_not_there_is_told()
    {
        var address = new string('0', 64);
        Assert.False(Open().Contains(address));
        Assert.Equal(address, Assert.Throws<BlobMissingException>(() => Open().Get(address)).Sha256);
        Open().Release("s", address);
    }

    [Fact]
    public void Names_everyone_who_holds_a_blob()
    {
        Assert.Empty(Open().Owners());
        var shared = Open().Put("b", [1]);
        Open().Put("b", [2]);
        Open().Put("a", [1]);
        Assert.Equal(["a", "b"], Open().Owners());
        Open().Release("a", shared);
        Assert.Equal(["b"], Open().Owners());
    }

    [Fact]
    public void Keeps_an_empty_blob()
    {
        var store = Open();
        Assert.Empty(store.Get(store.Put("s", [])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("ABCDEF0000000000000000000000000000000000000000000000000000000000")]
    public void Something_that_is_no_address_is_not_in_the_store(string name)
    {
        var store = Open();
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
        var store = Open();
        Assert.Throws<ArgumentException>(() => store.Put(owner, [1]));
        Assert.Throws<ArgumentException>(() => store.Release(owner, new string('0', 64)));
        Assert.Throws<ArgumentException>(() => store.OwnedBy(owner));
    }

    [Fact]
    public void A_damaged_blob_is_told_and_mended_by_putting_it_again()
    {
        var store = Open();
        var address = store.Put("s", [1, 2, 3]);
        Damage(address, [1, 2, 4]);

        var error = Assert.Throws<BlobMissingException>(() => store.Get(address));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(address, error.Sha256);

        store.Put("s", [1, 2, 3]);
        Assert.Equal([1, 2, 3], store.Get(address));
    }

    [Fact]
    public void A_blob_lives_as_long_as_its_last_owner()
    {
        var store = Open();
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
        var store = Open();
        var address = store.Put("first", [7]);
        store.Release("stranger", address);
        Assert.True(store.Contains(address));
    }

    [Fact]
    public void Putting_twice_is_putting_once()
    {
        var store = Open(4);
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
        var store = Open(10);
        var address = store.Put("s", new byte[8]);

        var error = Assert.Throws<BlobQuotaException>(() => store.Put("s", [1, 2, 3]));
        Assert.Contains("8 of 10 bytes; 3 more", error.Message, StringComparison.Ordinal);
        Assert.Equal([address], store.OwnedBy("s"));

        store.Put("s", [1, 2]);
        store.Release("s", address);
        store.Put("s", [1, 2, 3]);
    }

    [Fact]
    public void Room_that_another_instance_made_or_took_counts()
    {
        var store = Open(10);
        var other = Open(10);
        var address = store.Put("s", new byte[8]);
        Assert.Throws<BlobQuotaException>(() => other.Put("t", [1, 2, 3]));
        other.Release("s", address);
        store.Put("s", [1, 2, 3]);
    }

    [Fact]
    public async Task Concurrent_writers_and_releasers_leave_every_held_blob_whole()
    {
        const int writers = 8;
        var held = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() =>
        {
            // One instance each, as if each were a process.
            var store = Open();
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

        var after = Open();
        for (var writer = 0; writer < writers; writer++)
        {
            Assert.Equal([held[writer]], after.OwnedBy($"w{writer}"));
            Assert.Equal([3], after.Get(held[writer]));
        }

        for (byte i = 0; i < 4; i++)
        {
            Assert.Equal(i == 3, after.Contains(Convert.ToHexStringLower(SHA256.HashData([i]))));
        }
    }
}
