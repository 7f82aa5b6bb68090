using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Simulated annealing as it is written in an afternoon, for the Metropolis strategy to be compared with: a window of ±10 %, temperature 100, ×0.9 a trial.</summary>
/// <remarks>Keeps its state from call to call: one object a study.</remarks>
internal sealed class PlainAnnealer(int seed) : ISampler
{
    public const string Name = "annealer";

    private const double Window = 0.1;
    private const double FirstTemperature = 100;
    private const double Cooling = 0.9;

    private EncodedSpace? _encoded;
    private double[]? _at;
    private double _energy;
    private int _read;
    private double _temperature = FirstTemperature;

    public string Version => Name;

    public bool Learns => true;

    public long? Size => null;

    public TrialParameters Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        var encoded = _encoded ??= new EncodedSpace(space);
        for (; _read < history.Finished.Count; _read++)
        {
            var trial = history.Trials[history.Finished[_read]];
            var energy = trial.State == TrialState.Complete ? (history.Direction == Direction.Minimize ? 1 : -1) * trial.Value!.Value : double.PositiveInfinity;
            var point = new double[encoded.Count];
            encoded.TryEncode(trial.Parameters, point);
            if (_at is null || energy <= _energy || Rng.For(seed, trial.Number, "accept").NextDouble() < Math.Exp((_energy - energy) / _temperature))
            {
                (_at, _energy) = (point, energy);
            }

            _temperature *= Cooling;
        }

        return encoded.Decode([.. encoded.Dimensions.Select((dimension, i) => _at is null || double.IsNaN(_at[i]) ? rng.NextDouble() : Near(dimension, _at[i], rng))]);
    }

    /// <summary>A neighbour: within the window; of ordered values at least the next one; of categories any other, as often as the window is wide.</summary>
    private static double Near(Dimension dimension, double at, Rng rng)
    {
        var step = (2 * rng.NextDouble()) - 1;
        switch (dimension.Kind)
        {
            case DimensionKind.Continuous:
                return Math.Clamp(at + (Window * step), 0, 1);
            case DimensionKind.Categorical:
                return rng.NextDouble() < Window ? rng.NextDouble() : at;
            default:
                var index = dimension.IndexAt(at) + (long)Math.Round(step * Math.Max(1, Window * dimension.Count));
                var (from, to) = dimension.Cell(Math.Clamp(index, 0, dimension.Count - 1));
                return 0.5 * (from + to);
        }
    }
}
