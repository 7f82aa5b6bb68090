using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Random;

/// <summary>Draws every parameter independently of all trials (Bergstra and Bengio 2012, JMLR 13).</summary>
public sealed class RandomSampler : ISampler
{
    private EncodedSpace? _encoded;

    public string Version => "random-1";

    public bool Learns => false;

    public long? Size => null;

    public TrialParameters Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        if (!ReferenceEquals(_encoded?.Space, space))
        {
            _encoded = new EncodedSpace(space);
        }

        return space.Constraints.Count == 0 ? Draw(_encoded, rng) : AllowedDraw.First(space, () => Draw(_encoded, rng));
    }

    TrialParameters? ISampler.Suggest(SearchSpace space, StudyHistory history, Rng rng) => Suggest(space, history, rng);

    private static TrialParameters Draw(EncodedSpace encoded, Rng rng)
    {
        var space = encoded.Space;
        if (!encoded.HasConditions)
        {
            // The draw order is then that of the study file.
            var all = new KeyValuePair<string, ParameterValue>[encoded.Count];
            for (var i = 0; i < all.Length; i++)
            {
                var dimension = encoded.Dimensions[i];
                all[i] = KeyValuePair.Create(dimension.Parameter.Name, ParameterDraw.From(dimension, rng.NextBits()));
            }

            return new TrialParameters(all);
        }

        var drawn = new Dictionary<string, ParameterValue>(space.Parameters.Count, StringComparer.Ordinal);
        foreach (var dimension in encoded.Dimensions)
        {
            // Inactive parameters use up their word too: each has its own place in the stream.
            var word = rng.NextBits();
            if (SearchSpace.IsActive(dimension.Parameter, drawn))
            {
                drawn.Add(dimension.Parameter.Name, ParameterDraw.From(dimension, word));
            }
        }

        return space.Arrange(drawn);
    }
}
