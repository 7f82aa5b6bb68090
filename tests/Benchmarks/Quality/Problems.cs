using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Every problem there is.</summary>
internal static class Problems
{
    /// <summary>The folder with the tables of trained networks; without it their problems are missing.</summary>
    public const string TablesVariable = "TUNING_TABLES";

    private static readonly (string Folder, Direction Direction)[] TableFolders = [("fcnet", Direction.Minimize), ("hpobench-mlp", Direction.Maximize)];

    private static readonly string[] Quick = ["branin", "hartmann6-moved"];

    /// <param name="say">Is told what is missing.</param>
    public static IReadOnlyList<ProblemSource> All(Action<string> say)
    {
        var functions = KnownFunction.All.SelectMany(function => new[] { new FunctionProblem(function, isMoved: false), new FunctionProblem(function, isMoved: true) });
        return
        [
            .. functions.Select(problem => new ProblemSource(problem.Name, () => problem, Quick.Contains(problem.Name))),
            .. Tables(say),
            new ProblemSource(DigitsProblem.ProblemName, () => new DigitsProblem()),
        ];
    }

    private static IEnumerable<ProblemSource> Tables(Action<string> say)
    {
        if (Environment.GetEnvironmentVariable(TablesVariable) is not { Length: > 0 } tables)
        {
            say($"{TablesVariable} names no folder: the tables of networks are missing, that is, all of {string.Join(" and ", TableFolders.Select(f => f.Folder))}.");
            yield break;
        }

        foreach (var (folder, direction) in TableFolders)
        {
            var path = Path.Combine(tables, folder);
            var files = Directory.Exists(path) ? Directory.GetFiles(path, "*.csv.gz").Order(StringComparer.Ordinal).ToArray() : [];
            if (files.Length == 0)
            {
                say($"{path} has no *.csv.gz: these tables are missing.");
            }

            foreach (var file in files)
            {
                yield return new ProblemSource(TableProblem.NameOf(file), () => TableProblem.Load(file, direction));
            }
        }
    }
}
