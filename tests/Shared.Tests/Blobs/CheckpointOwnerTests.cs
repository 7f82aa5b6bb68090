using TuningCluster.Shared.Blobs;

namespace TuningCluster.Shared.Tests.Blobs;

public sealed class CheckpointOwnerTests : IDisposable
{
    private const string Study = "digits.1.abcd1234";

    private readonly string _root = Directory.CreateTempSubdirectory("checkpoints-").FullName;

    private FileBlobStore Blobs => new(Path.Combine(_root, "blobs"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(0, false, "digits.1.abcd1234.0.checkpoint")]
    [InlineData(217, true, "digits.1.abcd1234.217.left")]
    public void Its_name_says_whose_it_is(int number, bool isLeft, string name)
    {
        var owner = new CheckpointOwner(Study, number, isLeft);
        Assert.Equal(name, owner.ToString());
        Assert.Equal(owner, CheckpointOwner.Parse(name));
    }

    [Theory]
    [InlineData(Study)]
    [InlineData("uploads")]
    [InlineData("")]
    [InlineData(".left")]
    [InlineData("1.left")]
    [InlineData("digits.-1.left")]
    [InlineData("digits.x.checkpoint")]
    public void Owners_of_other_things_are_none(string name) => Assert.Null(CheckpointOwner.Parse(name));

    [Fact]
    public void A_checkpoint_replaces_the_one_before()
    {
        var owner = new CheckpointOwner(Study, 3, IsLeft: false);
        Blobs.Replace(owner, [1]);
        var first = Blobs.OwnedBy(owner.ToString())[0];
        Blobs.Replace(owner, [2]);
        Blobs.Replace(owner, [2]);

        Assert.Equal([2], Blobs.Get(Assert.Single(Blobs.OwnedBy(owner.ToString()))));
        Assert.False(Blobs.Contains(first));
    }

    [Fact]
    public void Those_that_are_not_wanted_go_and_nothing_else()
    {
        var data = Blobs.Put(Study, [1]);
        Blobs.Replace(new CheckpointOwner(Study, 1, IsLeft: true), [1]);
        Blobs.Replace(new CheckpointOwner(Study, 2, IsLeft: true), [2]);
        Blobs.Replace(new CheckpointOwner("other.1.abcd1234", 1, IsLeft: true), [3]);

        Blobs.ReleaseCheckpoints(owner => owner.Study == Study && owner.Number < 2);
        Assert.Equal([Study, $"{Study}.2.left", "other.1.abcd1234.1.left"], Blobs.Owners());
        Assert.True(Blobs.Contains(data));
    }
}
