namespace TuningCluster.TrialWorker.Kernels;

/// <summary>Floats that start on a cache line: loads of 32 bytes then never straddle two lines.</summary>
/// <remarks>On the pinned heap, so the alignment and the address last while the buffer does; freed by the garbage collector like any array.</remarks>
public sealed unsafe class AlignedBuffer
{
    private const int LineFloats = 16;
    private const int LineBytes = 64;

    private readonly float[] _array;
    private readonly int _offset;

    /// <summary>All zeros.</summary>
    /// <param name="length">At most <see cref="MaxLength"/>.</param>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        Length = length;
        _array = GC.AllocateArray<float>(length + LineFloats, pinned: true);
        fixed (float* start = _array)
        {
            var misaligned = (int)((nuint)start % LineBytes);
            _offset = misaligned == 0 ? 0 : (LineBytes - misaligned) / sizeof(float);
            Pointer = start + _offset;
        }
    }

    /// <summary>The greatest length one buffer can have.</summary>
    public static int MaxLength => Array.MaxLength - LineFloats;

    public int Length { get; }

    /// <summary>The first float; valid while the buffer is reachable.</summary>
    public float* Pointer { get; }

    public Span<float> Span => _array.AsSpan(_offset, Length);
}
