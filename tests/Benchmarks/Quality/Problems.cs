using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Every problem there is.</summary>
internal static class Problems
{
    /// <summary>The folder with the tables of trained networks; without it their problems are missing.</summary>
    public const string TablesVariable = "TUNING_TABLES";

    private static readonly (string Folder, Direction Direction)[] TableFolders = [("fcnet", Direction.Minimize), ("hpobench-mlp", Direction.Maximize)];

    /// <param name="say">Is told what is missing.</param>
    public static IReadOnlyList<Problem> All(Action<string> say)
    {
        var problems = new List<Problem>();
        foreach (var function in KnownFunction.All)
        {
            problems.Add(new FunctionProblem(function, moved: false));
            problems.Add(new FunctionProblem(function, moved: true));
        }

        if (Environment.GetEnvironmentVariable(TablesVariable) is not { Length: > 0 } tables)
        {
            say($"{TablesVariable} names no folder: the tables of networks (FC-Net, HPOBench) are missing.");
            return problems;
        }

        foreach (var (folder, direction) in TableFolders)
        {
            var path = Path.Combine(tables, folder);
            var files = Directory.Exists(path) ? Directory.GetFiles(path, "*.csv.gz").Order(StringComparer.Ordinal).ToArray() : [];
            if (files.Length == 0)
            {
                say($"{path} has no *.csv.gz: these tables are missing.");
            }

            problems.AddRange(files.Select(file => TableProblem.Load(file, direction)));
        }

        return problems;
    }
}
