using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Simulated annealing as it is written in an afternoon, for the Metropolis strategy to be compared with: a window of ±10 %, temperature 100, ×0.9 a trial.</summary>
internal sealed class PlainAnnealer : ISampler
{
    private const double Window = 0.1;
    private const double FirstTemperature = 100;
    private const double Cooling = 0.9;

    private double[]? _at;
    private double _energy;
    private int _read;
    private double _temperature = FirstTemperature;

    public string Version => "annealer";

    public bool Learns => true;

    public long? Size => null;

    public TrialParameters Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        var encoded = new EncodedSpace(space);
        for (; _read < history.Finished.Count; _read++)
        {
            var trial = history.Trials[history.Finished[_read]];
            var energy = trial.State == TrialState.Complete ? (history.Direction == Direction.Minimize ? 1 : -1) * trial.Value!.Value : double.PositiveInfinity;
            var point = new double[encoded.Count];
            encoded.TryEncode(trial.Parameters, point);
            if (_at is null || energy <= _energy || Rng.For(trial.Number, trial.Number, "accept").NextDouble() < Math.Exp((_energy - energy) / _temperature))
            {
                (_at, _energy) = (point, energy);
            }

            _temperature *= Cooling;
        }

        return encoded.Decode(_at is null
            ? [.. Enumerable.Range(0, encoded.Count).Select(_ => rng.NextDouble())]
            : [.. _at.Select(u => Math.Clamp(u + (Window * ((2 * rng.NextDouble()) - 1)), 0, 1))]);
    }
}
