using TuningCluster.Benchmarks;
using TuningCluster.Benchmarks.Quality;

namespace TuningCluster.Coordinator.Tests.Benchmarks.Quality;

public sealed class RivalCacheTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Gives_back_what_is_long_enough()
    {
        var problem = new FunctionProblem(KnownFunction.All[0], isMoved: true);
        var key = RivalCache.Key("Rival 1.0", new StudyKey("tpe", problem.Name, 0, 1), new Regret(problem, 0));
        File.Delete(_path);
        new RivalCache(_path).Keep(key, [3, 2.5]);
        new RivalCache(_path).Keep(key, [3, 2.5, 1.0 / 3]);
        var cache = new RivalCache(_path);

        Assert.Equal([3, 2.5, 1.0 / 3], cache.Find(key, 2)!);
        Assert.Null(cache.Find(key, 4));
        Assert.Null(cache.Find(RivalCache.Key("Rival 1.0", new StudyKey("tpe", problem.Name, 1, 1), new Regret(problem, 1)), 1));
    }

    [Fact]
    public void Refuses_a_file_that_is_none()
    {
        File.WriteAllText(_path, "suite  case  unit\n");

        Assert.Contains("no kept study", Assert.Throws<BenchmarkException>(() => new RivalCache(_path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_nothing_is_kept()
    {
        var cache = new RivalCache(null);
        cache.Keep("study", [1]);

        Assert.Null(cache.Find("study", 1));
    }
}
