using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>Hyperband (Li et al. 2018, arXiv:1603.06560): ladders that begin at min, min·η, min·η², …, so that it need not be known how early a trial may be judged.</summary>
/// <remarks>A trial's bracket is drawn from its number and the study's seed, as often as in the paper: bracket s of s_max + 1, counted from the
/// one that begins at min, has a share of ⌈(s_max + 1) · η^(s_max − s) / (s_max − s + 1)⌉.</remarks>
public sealed class Brackets
{
    private const string Purpose = "bracket";

    private readonly long _seed;
    private readonly Rungs[] _ladders;
    private readonly long[] _upTo;

    /// <param name="min">The first rung of the first bracket.</param>
    /// <param name="factor">η ≥ 2.</param>
    /// <param name="max">The last step; &gt; <paramref name="min"/>.</param>
    /// <param name="seed">The study's seed.</param>
    public Brackets(int min, int factor, int max, long seed)
    {
        _seed = seed;
        var starts = new List<int>();
        for (long start = min; start <= max; start *= factor)
        {
            starts.Add((int)start);
        }

        _ladders = [.. starts.Select((start, bracket) => new Rungs(start, factor, max, number => Of(number) == bracket))];
        _upTo = new long[starts.Count];
        var sum = 0L;
        for (var s = 0; s < starts.Count; s++)
        {
            var rungs = starts.Count - 1 - s;
            sum += (long)Math.Ceiling(starts.Count * Math.Pow(factor, rungs) / (rungs + 1));
            _upTo[s] = sum;
        }
    }

    public int Count => _ladders.Length;

    /// <summary>The bracket of a trial, from 0.</summary>
    public int Of(int number)
    {
        var draw = Rng.For(_seed, number, Purpose).NextInt64(_upTo[^1]);
        return Array.FindIndex(_upTo, upTo => draw < upTo);
    }

    public Rungs Ladder(int number) => _ladders[Of(number)];
}
