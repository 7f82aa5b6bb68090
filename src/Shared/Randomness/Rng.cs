using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace TuningCluster.Shared.Randomness;

/// <summary>A seeded stream of random numbers: xoshiro256++ (Blackman and Vigna 2019, arXiv:1805.01407).</summary>
/// <remarks>
/// Our own because its stream is part of the journal's contract: a study must draw the same values in every release and on every
/// runtime, which <see cref="Random"/> does not promise. Not for secrets.
/// </remarks>
public sealed class Rng
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>The four state words, as <see cref="State"/> gives them.</summary>
    /// <exception cref="ArgumentException">Not four words, or all of them zero.</exception>
    public Rng(ReadOnlySpan<ulong> state)
    {
        if (state.Length != 4 || (state[0] | state[1] | state[2] | state[3]) == 0)
        {
            throw new ArgumentException("The state is four words, not all zero.", nameof(state));
        }

        (_s0, _s1, _s2, _s3) = (state[0], state[1], state[2], state[3]);
    }

    /// <summary>The state, to be kept in a checkpoint.</summary>
    public ulong[] State => [_s0, _s1, _s2, _s3];

    /// <summary>The stream of one purpose of one trial: streams of different arguments are independent.</summary>
    /// <param name="studySeed">The seed of the study.</param>
    /// <param name="trialNumber">From 0; -1 for what belongs to the study as a whole.</param>
    /// <param name="purpose">What it is drawn for, e.g. <c>suggest</c>, <c>weights</c>, <c>shuffle</c>.</param>
    public static Rng For(long studySeed, int trialNumber, string purpose)
    {
        var name = Encoding.UTF8.GetBytes(purpose);
        Span<byte> key = stackalloc byte[12 + name.Length];
        BinaryPrimitives.WriteInt64LittleEndian(key, studySeed);
        BinaryPrimitives.WriteInt32LittleEndian(key[8..], trialNumber);
        name.CopyTo(key[12..]);
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(key, digest);
        Span<ulong> state = stackalloc ulong[4];
        for (var i = 0; i < 4; i++)
        {
            state[i] = BinaryPrimitives.ReadUInt64LittleEndian(digest[(8 * i)..]);
        }

        return new Rng(state);
    }

    /// <summary>64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s0 + _s3, 23) + _s0;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform on [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform on [0, 1), 24 bits.</summary>
    public float NextSingle() => (NextBits() >> 40) * (1.0f / (1U << 24));

    /// <summary>Uniform on {0, …, <paramref name="bound"/> − 1}, without bias (Lemire 2019, arXiv:1805.10941).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long NextInt64(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var n = (ulong)bound;
        var high = Math.BigMul(NextBits(), n, out var low);
        if (low < n)
        {
            var threshold = (0 - n) % n;
            while (low < threshold)
            {
                high = Math.BigMul(NextBits(), n, out low);
            }
        }

        return (long)high;
    }

    /// <inheritdoc cref="NextInt64"/>
    public int NextInt32(int bound) => (int)NextInt64(bound);

    /// <summary>Standard normal (Box and Muller 1958; one of the pair, so that the stream has no hidden state).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Permutes <paramref name="items"/> evenly (Fisher and Yates).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>A fresh id of 16 hexadecimal digits from the operating system's generator: lease ids, incarnations.</summary>
    public static string FreshId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>A fresh seed in [0, 2³¹): what a study without one draws once and journals.</summary>
    public static long FreshSeed() => RandomNumberGenerator.GetInt32(int.MaxValue);
}
