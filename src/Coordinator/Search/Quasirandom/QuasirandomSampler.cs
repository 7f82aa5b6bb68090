using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Quasirandom;

/// <summary>The points of a low-discrepancy sequence, in its order: as careless as random, but even.</summary>
/// <remarks>
/// <para>Which point a trial gets is the number of trials before it that were not enqueued. The point of a cancelled trial is passed over:
/// every later trial keeps its own. Coordinates of parameters that are not active are not used.</para>
/// <para>Where there are constraints only the points that fulfil them count: trial n gets the n-th of those, found by going through the
/// sequence; how far one has gone is kept, and gone again after a restart.</para>
/// </remarks>
public sealed class QuasirandomSampler : ISampler
{
    private readonly SequenceKind _kind;
    private readonly long? _seed;
    private readonly SampledTrials _sampled = new();
    private PointWalk? _walk;

    /// <param name="kind">Which sequence.</param>
    /// <param name="seed">The seed of the study; null before it is drawn, when nothing can be suggested yet.</param>
    public QuasirandomSampler(SequenceKind kind, long? seed)
    {
        _kind = kind;
        _seed = seed;
        Version = $"quasirandom-{kind.ToString().ToLowerInvariant()}-1";
    }

    public string Version { get; }

    public bool Learns => false;

    public long? Size => null;

    /// <exception cref="InvalidOperationException">The study has no seed yet, or its constraints leave almost nothing.</exception>
    public TrialParameters Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        if (_walk is null || !_walk.Space.Equals(space))
        {
            _walk = new PointWalk(new EncodedSpace(space), Sequence(space.Parameters.Count));
        }

        return _walk.Point(_sampled.Count(history));
    }

    TrialParameters? ISampler.Suggest(SearchSpace space, StudyHistory history, Rng rng) => Suggest(space, history, rng);

    private QuasirandomSequence Sequence(int dimensions)
    {
        var seed = _seed ?? throw new InvalidOperationException("A quasirandom sequence is scrambled by the study's seed, which has not been drawn yet.");
        return _kind == SequenceKind.Halton ? new HaltonSequence(dimensions, seed) : new SobolSequence(dimensions, seed);
    }
}
