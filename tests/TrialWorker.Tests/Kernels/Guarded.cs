namespace TuningCluster.TrialWorker.Tests.Kernels;

/// <summary>A span at any offset from a vector's boundary, with sentinels on both sides that nobody may touch.</summary>
internal sealed class Guarded
{
    private const int Margin = 40;
    private const float Sentinel = 12345.678f;

    private readonly float[] _array;
    private readonly int _offset;
    private readonly int _length;

    public Guarded(ReadOnlySpan<float> values, int offset)
    {
        _offset = Margin + offset;
        _length = values.Length;
        _array = GC.AllocateUninitializedArray<float>(_offset + _length + Margin, pinned: true);
        Array.Fill(_array, Sentinel);
        values.CopyTo(_array.AsSpan(_offset));
    }

    public Span<float> Span => _array.AsSpan(_offset, _length);

    public float[] Values => Span.ToArray();

    /// <summary>Where the span begins; it stays there, but only while this object is reachable.</summary>
    public unsafe float* Pointer
    {
        get
        {
            fixed (float* first = _array)
            {
                return first + _offset;
            }
        }
    }

    public void AssertUntouchedAround()
    {
        for (var i = 0; i < _array.Length; i++)
        {
            if (i < _offset || i >= _offset + _length)
            {
                Assert.Equal(Sentinel, _array[i]);
            }
        }
    }
}
