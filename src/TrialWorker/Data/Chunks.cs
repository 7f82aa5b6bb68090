using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TuningCluster.TrialWorker.Data;

/// <summary>A list that grows without copying what it holds: a million cells would otherwise lie in memory three times while it doubles.</summary>
internal sealed class Chunks<T>
    where T : unmanaged
{
    private const int Bits = 15;
    private const int Size = 1 << Bits;
    private const int Smallest = 64;

    private readonly List<T[]> _chunks = [];
    private T[] _last = [];
    private int _used;

    public int Count => ((Math.Max(1, _chunks.Count) - 1) << Bits) + _used;

    public long Bytes => _chunks.Sum(c => (long)c.Length) * Unsafe.SizeOf<T>();

    public T this[int index] => _chunks[index >> Bits][index & (Size - 1)];

    /// <summary>Copies the items at <paramref name="indices"/>, in their order.</summary>
    public void Gather(ReadOnlySpan<int> indices, Span<T> destination)
    {
        var chunks = CollectionsMarshal.AsSpan(_chunks);
        for (var i = 0; i < indices.Length; i++)
        {
            destination[i] = chunks[indices[i] >> Bits][indices[i] & (Size - 1)];
        }
    }

    public void Add(T value)
    {
        if (_used == _last.Length)
        {
            Grow();
        }

        _last[_used++] = value;
    }

    // Only the first chunk doubles, so that short columns stay short.
    private void Grow()
    {
        if (_last.Length is 0 or Size)
        {
            _last = GC.AllocateUninitializedArray<T>(_chunks.Count == 0 ? Smallest : Size);
            _chunks.Add(_last);
            _used = 0;
        }
        else
        {
            Array.Resize(ref _last, _last.Length * 2);
            _chunks[^1] = _last;
        }
    }
}
