using System.Numerics;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Quasirandom;

/// <summary>The Sobol sequence (Sobol' 1967) with the direction numbers of Joe and Kuo (2008), in the order of the Gray code.</summary>
/// <remarks>
/// Scrambled as Matoušek (1998, J. Complexity 14, §4) proposes: in each dimension a random lower triangular matrix over GF(2) with ones on the
/// diagonal, applied to the digits, and then a random digital shift. That keeps what makes the points even (every first 2ᵏ points put one into
/// each 2⁻ᵏ-wide slice of each axis) and has the variance of Owen's nested scrambling at a fraction of its cost.
/// Coordinates beyond <see cref="TabulatedDimensions"/> are independent random numbers (Spanier 1995: a mixed sequence).
/// A dimension's coordinates do not depend on how many dimensions follow it.
/// </remarks>
public sealed class SobolSequence : QuasirandomSequence
{
    /// <summary>So many coordinates are a Sobol sequence.</summary>
    public const int TabulatedDimensions = JoeKuoTable.Dimensions;

    /// <summary>As many binary digits as a double in [0, 1) can always hold.</summary>
    private const int Digits = 53;

    private const double Unit = 1.0 / (1L << Digits);

    private readonly int _tabulated;

    /// <summary>Direction numbers: that of binary digit k (0 the least) of the point's number in dimension d at [k · dimensions + d], 53 bits.</summary>
    private readonly ulong[] _directions;

    /// <summary>The digits of the next point, shape [dimensions].</summary>
    private readonly ulong[] _next;

    /// <summary>The digits of point 0, shape [dimensions].</summary>
    private readonly ulong[] _shift;

    /// <summary>Seeds the coordinates beyond the table.</summary>
    private readonly ulong _key;

    /// <summary>Scrambled by a seed.</summary>
    /// <param name="dimensions">≥ 0.</param>
    /// <param name="seed">The seed of the study. Whoever needs a second, independent sequence passes a stream of its own instead.</param>
    public SobolSequence(int dimensions, long seed)
        : this(dimensions, Rng.For(seed, -1, "sobol"))
    {
    }

    /// <summary>Scrambled by a stream, or as published.</summary>
    /// <param name="dimensions">≥ 0; without a stream at most <see cref="TabulatedDimensions"/>.</param>
    /// <param name="scramble">The stream to scramble by; null for the sequence as published, whose point 0 is the origin.</param>
    public SobolSequence(int dimensions, Rng? scramble)
        : base(dimensions)
    {
        if (scramble is null)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, TabulatedDimensions);
        }

        _tabulated = Math.Min(dimensions, TabulatedDimensions);
        _key = scramble?.NextBits() ?? 0;
        _directions = new ulong[Digits * _tabulated];
        _shift = new ulong[_tabulated];
        var column = new ulong[Digits];
        var numbers = new NumberReader(JoeKuoTable.Numbers);
        for (var dimension = 0; dimension < _tabulated; dimension++)
        {
            Directions(dimension, ref numbers, column);
            if (scramble is not null)
            {
                Scramble(column, scramble);
                _shift[dimension] = scramble.NextBits() >> (64 - Digits);
            }

            for (var k = 0; k < Digits; k++)
            {
                _directions[(k * _tabulated) + dimension] = column[k];
            }
        }

        _next = [.. _shift];
    }

    public override long Length => 1L << Digits;

    public override void Next(Span<double> point)
    {
        CheckRoom(point);
        CheckEnd();
        Write(_next, Index, point);
        Index++;

        // The Gray codes of neighbouring numbers differ in one digit: the lowest zero of the former.
        if (Index < Length)
        {
            Flip(_next, BitOperations.TrailingZeroCount(Index));
        }
    }

    public override void At(long index, Span<double> point)
    {
        CheckRoom(point);
        CheckIndex(index);
        Span<ulong> digits = _tabulated <= 64 ? stackalloc ulong[_tabulated] : new ulong[_tabulated];
        DigitsAt(index, digits);
        Write(digits, index, point);
    }

    private protected override void Seek(long index)
    {
        Index = index;
        if (index < Length)
        {
            DigitsAt(index, _next);
        }
    }

    /// <summary>Direction numbers of one dimension as 53-bit fractions, the first the half.</summary>
    private static void Directions(int dimension, ref NumberReader numbers, Span<ulong> column)
    {
        if (dimension == 0)
        {
            for (var k = 0; k < Digits; k++)
            {
                column[k] = 1UL << (Digits - 1 - k);
            }

            return;
        }

        // Joe and Kuo 2008, eq. 2: with v = m / 2ᵏ⁺¹ as a fraction, v_k is v_{k−s} ⊕ v_{k−s} / 2ˢ ⊕ the a_j v_{k−j}.
        var polynomial = numbers.Next();
        var degree = 0;
        while (numbers.InEntry)
        {
            column[degree] = (ulong)numbers.Next() << (Digits - 1 - degree);
            degree++;
        }

        for (var k = degree; k < Digits; k++)
        {
            var direction = column[k - degree] ^ (column[k - degree] >> degree);
            for (var j = 1; j < degree; j++)
            {
                if (((polynomial >> (degree - 1 - j)) & 1) != 0)
                {
                    direction ^= column[k - j];
                }
            }

            column[k] = direction;
        }

        numbers.EndEntry();
    }

    /// <summary>Multiplies each number's digits, the most significant first, by a random lower triangular matrix.</summary>
    private static void Scramble(Span<ulong> column, Rng rng)
    {
        Span<ulong> rows = stackalloc ulong[Digits];
        for (var i = 0; i < Digits; i++)
        {
            var diagonal = 1UL << (Digits - 1 - i);
            rows[i] = ((rng.NextBits() >> (64 - Digits)) & ~((diagonal << 1) - 1)) | diagonal;
        }

        for (var k = 0; k < Digits; k++)
        {
            var scrambled = 0UL;
            foreach (var row in rows)
            {
                scrambled = (scrambled << 1) | ((uint)BitOperations.PopCount(row & column[k]) & 1);
            }

            column[k] = scrambled;
        }
    }

    private void DigitsAt(long index, Span<ulong> digits)
    {
        _shift.CopyTo(digits);
        for (var gray = (ulong)(index ^ (index >> 1)); gray != 0; gray &= gray - 1)
        {
            Flip(digits, BitOperations.TrailingZeroCount(gray));
        }
    }

    private void Flip(Span<ulong> digits, int k)
    {
        var directions = _directions.AsSpan(k * _tabulated, digits.Length);
        for (var d = 0; d < directions.Length; d++)
        {
            digits[d] ^= directions[d];
        }
    }

    private void Write(ReadOnlySpan<ulong> digits, long index, Span<double> point)
    {
        for (var d = 0; d < digits.Length; d++)
        {
            point[d] = digits[d] * Unit;
        }

        for (var d = digits.Length; d < point.Length; d++)
        {
            point[d] = (Mix(Mix(_key + (ulong)d) + (ulong)index) >> (64 - Digits)) * Unit;
        }
    }

    /// <summary>SplitMix64's output function (Steele, Lea and Flood 2014) with its increment.</summary>
    private static ulong Mix(ulong word)
    {
        word += 0x9E3779B97F4A7C15;
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
        return word ^ (word >> 31);
    }

    /// <summary>Goes through the table's numbers.</summary>
    private ref struct NumberReader(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _at;

        /// <summary>Whether another number of the same entry follows.</summary>
        public readonly bool InEntry => _at < _text.Length && _text[_at] != (byte)';';

        public int Next()
        {
            var number = 0;
            while (_text[_at] is (byte)' ' or (byte)'\n' or (byte)'\r')
            {
                _at++;
            }

            while (_at < _text.Length && _text[_at] is >= (byte)'0' and <= (byte)'9')
            {
                number = (10 * number) + (_text[_at++] - '0');
            }

            return number;
        }

        public void EndEntry() => _at++;
    }
}
