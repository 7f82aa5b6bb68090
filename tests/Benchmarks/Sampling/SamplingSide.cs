using System.Diagnostics;
using System.Text.Json;
using TuningCluster.Benchmarks.Quality;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Benchmarks.Sampling;

/// <summary>Our side of the suite <c>sampling</c>, in a process of its own.</summary>
internal static class SamplingSide
{
    private const int Seed = 1;

    /// <summary>Ten floats, half of them on a log scale.</summary>
    private static readonly SearchSpace Space = new(
    [
        .. Enumerable.Range(0, 5).Select(i => new FloatParameter($"x{i}", 0, 1, Log: false, Step: null, Points: null, [])),
        .. Enumerable.Range(5, 5).Select(i => new FloatParameter($"x{i}", 1e-3, 1, Log: true, Step: null, Points: null, [])),
    ]);

    /// <summary>Answers a <see cref="SamplingQuestion"/>.</summary>
    public static double Measure(string json)
    {
        var question = JsonSerializer.Deserialize<SamplingQuestion>(json, JsonSerializerOptions.Web)!;
        var design = question.IsOwnHistory ? [] : Design(question.Trials);
        var means = new List<double>();
        var began = Stopwatch.GetTimestamp();
        do
        {
            var study = new Study(question, design);
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < question.InARow; i++)
            {
                study.AskAndTell();
            }

            means.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds / question.InARow);
        }
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < question.Seconds);
        return Median.Of(means);
    }

    private static TrialParameters[] Design(int trials)
    {
        var nothing = new StudyHistory(0, Direction.Minimize, []);
        var random = new RandomSampler();
        return [.. Enumerable.Range(0, trials).Select(i => random.Suggest(Space, nothing, Rng.For(Seed, i, "design")))];
    }

    /// <summary>A study whose trials end as soon as they are suggested.</summary>
    private sealed class Study
    {
        private readonly OwnSearcher _sampler;
        private readonly List<HistoryTrial> _trials;
        private readonly List<int> _finished;
        private readonly object _lineage = new();
        private readonly int _budget;

        /// <summary>With the trials before the clock, and whatever the sampler keeps of them.</summary>
        public Study(SamplingQuestion question, TrialParameters[] design)
        {
            _budget = question.Trials + 1 + question.InARow;
            _sampler = OwnSearcher.Create(question.Sampler, Space, Direction.Minimize, Seed, _budget);
            (_trials, _finished) = (new List<HistoryTrial>(_budget), new List<int>(_budget));
            foreach (var parameters in design)
            {
                Tell(parameters);
            }

            // One more, so that what is kept between suggestions is there.
            while (_trials.Count <= question.Trials)
            {
                AskAndTell();
            }
        }

        public void AskAndTell() => Tell(_sampler.Ask(new StudyHistory(2 * _trials.Count, Direction.Minimize, _trials)
        {
            Finished = _finished,
            Open = [],
            Lineage = _lineage,
            Budget = _budget,
        }));

        private void Tell(TrialParameters parameters)
        {
            var sum = 0.0;
            foreach (var (_, value) in parameters)
            {
                sum += (value.AsDouble() - 0.3) * (value.AsDouble() - 0.3);
            }

            _finished.Add(_trials.Count);
            _trials.Add(new HistoryTrial(_trials.Count, parameters, TrialState.Complete, sum, false));
        }
    }
}
