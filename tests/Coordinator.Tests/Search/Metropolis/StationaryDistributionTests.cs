using MathNet.Numerics.Distributions;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Metropolis;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Search.Metropolis;

/// <summary>With adaptation and temperature frozen, where a chain stands is distributed as exp(−loss/T): chi-square over cells, on long runs.</summary>
public sealed class StationaryDistributionTests
{
    private const int Cells = 10;
    private const double Temperature = 1;

    /// <summary>Every so many steps one is counted: by then it has forgotten the last.</summary>
    private const int Thinning = 12;

    private static readonly SearchSpace Continuous = new([new FloatParameter("x", 0, 1, false, null, null, []), new FloatParameter("y", 0, 1, false, null, null, [])]);

    private static readonly SearchSpace Mixed = new(
    [
        new IntParameter("x", 1, Cells, false, 1, null, []),
        new CategoricalParameter("y", [ParameterValue.Int(0), ParameterValue.Int(1), ParameterValue.Int(2)], []),
    ]);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Of_numbers_it_is_the_densitys(int atATime) => Agrees(
        Continuous, p => Energy(p["x"].AsDouble()), p => (int)(Cells * Math.Min(p["x"].AsDouble(), 0.999999)), cell => Enumerable.Range(0, 200).Average(i => Math.Exp(-Energy((cell + ((i + 0.5) / 200)) / Cells))), atATime);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Of_values_it_is_the_densitys(int atATime) => Agrees(
        Mixed,
        p => Energy((p["x"].AsInt() - 0.5) / Cells) + p["y"].AsInt(),
        p => (int)p["x"].AsInt() - 1,
        cell => Math.Exp(-Energy((cell + 0.5) / Cells)),
        atATime);

    [Fact]
    public void Of_categories_it_is_the_densitys() => Agrees(
        Mixed, p => Energy((p["x"].AsInt() - 0.5) / Cells) + p["y"].AsInt(), p => (int)p["y"].AsInt(), cell => Math.Exp(-cell), atATime: 1, cells: 3);

    /// <summary>Two wells of different depth.</summary>
    private static double Energy(double x) => 1.2 * Math.Sin(9 * x);

    private static void Agrees(SearchSpace space, Func<TrialParameters, double> energy, Func<TrialParameters, int> cellOf, Func<int, double> weight, int atATime, int cells = Cells)
    {
        const int trials = 40_000;
        var sampler = new MetropolisSampler(new MetropolisSettings(4, 1, Temperature, Adapt: false), 11);
        var history = new List<HistoryTrial>();
        var (finished, open) = (new List<int>(), new List<int>());
        var lineage = new object();
        var order = Rng.For(12, 0, "order");
        while (finished.Count < trials)
        {
            while (open.Count < atATime)
            {
                var number = history.Count;
                var seen = new StudyHistory(number, Direction.Minimize, history) { Finished = finished, Open = open, Lineage = lineage };
                history.Add(new HistoryTrial(number, sampler.Suggest(space, seen, Rng.For(11, number, "suggest"))!, TrialState.Running, null, false));
                open.Add(number);
            }

            var ended = open[order.NextInt32(open.Count)];
            open.Remove(ended);
            history[ended] = history[ended] with { State = TrialState.Complete, Value = energy(history[ended].Parameters) };
            finished.Add(ended);
        }

        var counts = new double[cells];
        var at = default(TrialParameters);
        var steps = sampler.Trace(space, new StudyHistory(history.Count, Direction.Minimize, history) { Finished = finished, Open = open, Lineage = lineage });
        Assert.True(steps.Count > trials / (3 * atATime));
        var byEnergy = history.Where(t => t.Value is not null).GroupBy(t => t.Value!.Value).ToDictionary(g => g.Key, g => g.First().Parameters);
        for (var i = 0; i < steps.Count; i++)
        {
            at = byEnergy[steps[i].Energy];
            counts[cellOf(at)] += i % Thinning == 0 ? 1 : 0;
        }

        var total = counts.Sum();
        double[] weights = [.. Enumerable.Range(0, cells).Select(weight)];
        var square = Enumerable.Range(0, cells).Sum(c => Math.Pow(counts[c] - (total * weights[c] / weights.Sum()), 2) / (total * weights[c] / weights.Sum()));

        Assert.True(square < ChiSquared.InvCDF(cells - 1, 0.999), $"chi-square {square} of {cells} cells: {string.Join(' ', counts)} instead of {string.Join(' ', weights.Select(w => Math.Round(total * w / weights.Sum())))}");
    }
}
