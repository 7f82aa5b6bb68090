using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Quasirandom;

/// <summary>The Halton sequence (Halton 1960): in dimension d the digits of the point's number in the d-th prime base, mirrored at the point.</summary>
/// <remarks>
/// Scrambled as in Owen 2017 (arXiv:1706.02808): a random permutation of the digits for each dimension and each position, the zeros that
/// follow the last digit included. Without it neighbouring large bases run in step for their first points. Any number of dimensions;
/// a dimension's coordinates do not depend on how many follow it.
/// </remarks>
public sealed class HaltonSequence : QuasirandomSequence
{
    private readonly Axis[] _axes;

    /// <summary>Scrambled by a seed.</summary>
    /// <param name="dimensions">≥ 0.</param>
    /// <param name="seed">The seed of the study. Whoever needs a second, independent sequence passes a stream of its own instead.</param>
    public HaltonSequence(int dimensions, long seed)
        : this(dimensions, Rng.For(seed, -1, "halton"))
    {
    }

    /// <summary>Scrambled by a stream, or as published.</summary>
    /// <param name="dimensions">≥ 0.</param>
    /// <param name="scramble">The stream to scramble by; null for the sequence as published, whose point 0 is the origin.</param>
    public HaltonSequence(int dimensions, Rng? scramble)
        : base(dimensions)
    {
        var primes = Primes(dimensions);
        _axes = new Axis[dimensions];
        for (var dimension = 0; dimension < dimensions; dimension++)
        {
            _axes[dimension] = new Axis(primes[dimension], (long?)scramble?.NextBits(), Length);
        }
    }

    public override long Length => 1L << 53;

    public override void Next(Span<double> point)
    {
        CheckRoom(point);
        CheckEnd();
        Write(Index, point);
        Index++;
    }

    public override void At(long index, Span<double> point)
    {
        CheckRoom(point);
        CheckIndex(index);
        Write(index, point);
    }

    private protected override void Seek(long index) => Index = index;

    /// <summary>The first primes (sieve of Eratosthenes up to Rosser's bound on the last one).</summary>
    private static List<int> Primes(int count)
    {
        var primes = new List<int>(count);
        var bound = count < 6 ? 13 : (int)Math.Ceiling(count * (Math.Log(count) + Math.Log(Math.Log(count))));
        var composite = new bool[bound + 1];
        for (var n = 2; primes.Count < count; n++)
        {
            if (composite[n])
            {
                continue;
            }

            primes.Add(n);
            for (var multiple = (long)n * n; multiple <= bound; multiple += n)
            {
                composite[multiple] = true;
            }
        }

        return primes;
    }

    private void Write(long index, Span<double> point)
    {
        for (var d = 0; d < point.Length; d++)
        {
            point[d] = _axes[d].At(index);
        }
    }

    /// <summary>One dimension.</summary>
    private sealed class Axis
    {
        private readonly int _base;
        private readonly long? _key;

        /// <summary>By position, most significant first: what the digits become; null until a number has a digit other than 0 there.</summary>
        private readonly int[]?[] _images;

        /// <summary>By position p: the fraction that endless zeros from p on become, in units of position p − 1.</summary>
        private readonly double[] _tails;

        /// <param name="base">A prime.</param>
        /// <param name="key">Seeds the permutations; null for none.</param>
        /// <param name="length">All numbers are below it.</param>
        public Axis(int @base, long? key, long length)
        {
            (_base, _key) = (@base, key);
            var positions = 0;
            for (var reach = 1.0; reach < length; reach *= @base)
            {
                positions++;
            }

            _images = new int[]?[positions];
            _tails = new double[positions + 1];
            for (var p = positions - 1; p >= 0; p--)
            {
                _tails[p] = ((key is null ? 0 : Stream(p).NextInt32(@base)) + _tails[p + 1]) / @base;
            }
        }

        public double At(long index)
        {
            // A double holds 53 binary digits, so no base needs more.
            Span<int> digits = stackalloc int[53];
            var count = 0;
            for (; index > 0; index /= _base)
            {
                digits[count++] = (int)(index % _base);
            }

            var unit = _tails[count];
            for (var p = count - 1; p >= 0; p--)
            {
                unit = ((_images[p] ??= Images(p))[digits[p]] + unit) / _base;
            }

            // The largest digits everywhere may round up to 1.
            return Math.Min(unit, Math.BitDecrement(1.0));
        }

        /// <summary>A random permutation whose image of 0 is the stream's first draw, as the tails have it already.</summary>
        private int[] Images(int position)
        {
            var images = new int[_base];
            for (var digit = 0; digit < _base; digit++)
            {
                images[digit] = digit;
            }

            if (_key is not null)
            {
                var rng = Stream(position);
                var zero = rng.NextInt32(_base);
                (images[0], images[zero]) = (images[zero], images[0]);
                rng.Shuffle(images.AsSpan(1));
            }

            return images;
        }

        private Rng Stream(int position) => Rng.For(_key!.Value, position, "digits");
    }
}
