using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Random;

/// <summary>Draws every parameter independently of all trials (Bergstra and Bengio 2012, JMLR 13).</summary>
public sealed class RandomSampler : ISampler
{
    public string Version => "random-1";

    public bool Learns => false;

    public long? Size => null;

    public TrialParameters Suggest(SearchSpace space, StudyHistory history, Rng rng) => AllowedDraw.First(space, () => Draw(space, rng));

    TrialParameters? ISampler.Suggest(SearchSpace space, StudyHistory history, Rng rng) => Suggest(space, history, rng);

    private static TrialParameters Draw(SearchSpace space, Rng rng)
    {
        var drawn = new Dictionary<string, ParameterValue>(space.Parameters.Count, StringComparer.Ordinal);
        foreach (var parameter in space.DrawOrder)
        {
            // Inactive parameters use up their word too: each has its own place in the stream.
            var word = rng.NextBits();
            if (SearchSpace.IsActive(parameter, drawn))
            {
                drawn.Add(parameter.Name, ParameterDraw.From(parameter, word));
            }
        }

        return space.Arrange(drawn);
    }
}
