using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Runs the studies of a plan, two at a time.</summary>
internal sealed class QualityStudies(QualityPlan plan, TextWriter progress)
{
    private static readonly ParallelOptions TwoAtATime = new() { MaxDegreeOfParallelism = 2 };

    private readonly HashSet<(string Sampler, string Problem)> _fromCache = [];

    /// <summary>Of our strategies, by their names in the plan.</summary>
    public Curves Ours { get; } = new();

    /// <summary>Of the installed rival's samplers.</summary>
    public Curves Rivals { get; } = new();

    /// <summary>Name and version of the rival.</summary>
    public string RivalName { get; private set; } = "Optuna";

    /// <summary>Whether a rival's studies of a problem were read from the cache, all or some.</summary>
    public bool IsFromCache(string sampler, Problem problem) => _fromCache.Contains((sampler, problem.Name));

    /// <summary>Whether what a strategy of ours suggests depends on outcomes.</summary>
    public bool Learns(string strategy) => OwnSearcher.Create(strategy, plan.Problems[0].Space, plan.Problems[0].Direction, 0, plan.Trials).Learns;

    /// <exception cref="UsageException">A strategy's settings are wrong.</exception>
    /// <exception cref="BenchmarkException">A study came to no end.</exception>
    public void RunOurs()
    {
        var searchers = plan.Strategies.Union(plan.Strategies.SelectMany(Kin.AmongOurs)).ToList();
        foreach (var (problem, searcher) in plan.Problems.SelectMany(problem => searchers.Select(searcher => (problem, searcher))))
        {
            foreach (var pending in plan.Pending.Where(pending => pending == plan.Pending[0] || Learns(searcher)))
            {
                Each(problem, $"{searcher}, {problem.Name}{(pending > 1 ? $", {pending} pending" : "")}", seed => Ours.Add(
                    new StudyKey(searcher, problem.Name, seed, pending),
                    SimulatedStudy.Run(OwnSearcher.Create(searcher, problem.Space, problem.Direction, seed, plan.Trials), problem, seed, plan.Trials, pending)));
            }
        }
    }

    /// <exception cref="BenchmarkException">The rival failed.</exception>
    public void RunRivals()
    {
        using var first = OptunaRival.Start();
        using var second = OptunaRival.Start();
        var free = new ConcurrentBag<OptunaRival>([first, second]);
        var cache = new RivalCache(plan.RivalCache);
        var pending = plan.Pending[0];
        RivalName = first.Name;
        var samplers = plan.Strategies.SelectMany(strategy => Kin.InOptuna(strategy, pending)).Distinct().Where(first.Samplers.Contains).ToList();
        foreach (var (problem, sampler) in plan.Problems.SelectMany(problem => samplers.Select(sampler => (problem, sampler))))
        {
            Each(problem, $"{RivalName} {sampler}, {problem.Name}", seed =>
            {
                var study = new StudyKey(sampler, problem.Name, seed, pending);
                var key = RivalCache.Key(RivalName, study, Rivals.RegretOf(problem, seed));
                if (cache.Find(key, plan.Trials) is { } kept)
                {
                    lock (_fromCache)
                    {
                        _fromCache.Add((sampler, problem.Name));
                    }

                    Rivals.Add(study, kept);
                    return;
                }

                if (!free.TryTake(out var rival))
                {
                    throw new UnreachableException("More studies at a time than rivals.");
                }

                var curve = SimulatedStudy.Run(rival.Begin(sampler, problem, seed), problem, seed, plan.Trials, pending);
                free.Add(rival);
                cache.Keep(key, curve);
                Rivals.Add(study, curve);
            });
        }
    }

    private void Each(Problem problem, string what, Action<int> run)
    {
        var started = Stopwatch.GetTimestamp();
        var seeds = plan.SeedsOf(problem);
        try
        {
            Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, seeds), EnumerablePartitionerOptions.NoBuffering), TwoAtATime, run);
        }
        catch (AggregateException several) when (several.InnerExceptions.FirstOrDefault(e => e is UsageException or BenchmarkException) is { } one)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(one);
        }

        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {seeds} studies, {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"));
    }
}
