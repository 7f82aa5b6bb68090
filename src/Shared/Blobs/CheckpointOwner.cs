using System.Globalization;

namespace TuningCluster.Shared.Blobs;

/// <summary>In whose name a checkpoint lies among the blobs: <c>STUDY.NUMBER.checkpoint</c> for an unfinished trial's, <c>STUDY.NUMBER.left</c> for what a complete one left to others.</summary>
/// <param name="Study">The study's id.</param>
/// <param name="Number">The trial's.</param>
/// <param name="IsLeft">Left by a complete trial.</param>
public readonly record struct CheckpointOwner(string Study, int Number, bool IsLeft)
{
    private const string Unfinished = ".checkpoint";
    private const string Left = ".left";

    /// <summary>Null for the owner of anything else.</summary>
    public static CheckpointOwner? Parse(string owner)
    {
        var kind = owner.EndsWith(Left, StringComparison.Ordinal) ? Left : owner.EndsWith(Unfinished, StringComparison.Ordinal) ? Unfinished : null;
        if (kind is null)
        {
            return null;
        }

        var rest = owner[..^kind.Length];
        return rest.LastIndexOf('.') is var dot and > 0 && int.TryParse(rest.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new CheckpointOwner(rest[..dot], number, kind == Left)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Study}.{Number}{(IsLeft ? Left : Unfinished)}");
}

/// <summary>Checkpoints among other blobs.</summary>
public static class Checkpoints
{
    /// <summary>Keeps a checkpoint instead of the one its owner had.</summary>
    /// <exception cref="BlobQuotaException">The store's quota would be passed.</exception>
    public static void Replace(this IBlobStore blobs, CheckpointOwner owner, ReadOnlySpan<byte> checkpoint)
    {
        var kept = blobs.Put(owner.ToString(), checkpoint);
        foreach (var old in blobs.OwnedBy(owner.ToString()).Where(sha => sha != kept))
        {
            blobs.Release(owner.ToString(), old);
        }
    }

    /// <summary>Lets go of the checkpoints that are not wanted any more.</summary>
    public static void ReleaseCheckpoints(this IBlobStore blobs, Func<CheckpointOwner, bool> unwanted)
    {
        foreach (var owner in blobs.Owners().Select(CheckpointOwner.Parse).OfType<CheckpointOwner>().Where(unwanted).Select(o => o.ToString()))
        {
            foreach (var sha in blobs.OwnedBy(owner))
            {
                blobs.Release(owner, sha);
            }
        }
    }
}
