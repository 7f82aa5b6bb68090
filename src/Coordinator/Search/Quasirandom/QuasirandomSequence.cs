namespace TuningCluster.Coordinator.Search.Quasirandom;

/// <summary>Points that fill the unit cube more evenly than random ones do, one after another or by number.</summary>
/// <remarks>
/// Randomized ones are seeded: each point alone is uniform on the cube, all together are even. No point need be dropped, the first included
/// (Owen 2020, arXiv:2008.08051, advises against it). Not safe for several threads at once.
/// </remarks>
public abstract class QuasirandomSequence
{
    private protected QuasirandomSequence(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimensions);
        Dimensions = dimensions;
    }

    /// <summary>Number of coordinates of a point.</summary>
    public int Dimensions { get; }

    /// <summary>The number of the point that <see cref="Next"/> will give, from 0.</summary>
    public long Index { get; private protected set; }

    /// <summary>How many points there are.</summary>
    public abstract long Length { get; }

    /// <summary>Writes the next point.</summary>
    /// <param name="point">Shape [<see cref="Dimensions"/>], each coordinate in [0, 1).</param>
    /// <exception cref="InvalidOperationException">There is none: <see cref="Length"/> points were given.</exception>
    public abstract void Next(Span<double> point);

    /// <summary>Writes the point of a number, without moving <see cref="Index"/>.</summary>
    /// <param name="index">In [0, <see cref="Length"/>).</param>
    /// <param name="point">Shape [<see cref="Dimensions"/>], each coordinate in [0, 1).</param>
    public abstract void At(long index, Span<double> point);

    /// <summary>Passes over points.</summary>
    /// <param name="count">≥ 0; as fast for many as for few.</param>
    public void Skip(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length - Index);
        Seek(Index + count);
    }

    /// <summary>Makes <paramref name="index"/>, in [0, <see cref="Length"/>], the number of the next point.</summary>
    private protected abstract void Seek(long index);

    private protected void CheckRoom(ReadOnlySpan<double> point)
    {
        if (point.Length != Dimensions)
        {
            throw new ArgumentException($"A point has {Dimensions} coordinates; there is room for {point.Length}.", nameof(point));
        }
    }

    private protected void CheckIndex(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
    }

    private protected void CheckEnd()
    {
        if (Index == Length)
        {
            throw new InvalidOperationException($"The sequence has {Length} points; all were given.");
        }
    }
}
