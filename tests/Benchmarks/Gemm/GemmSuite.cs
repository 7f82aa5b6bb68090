using System.Globalization;
using TuningCluster.Benchmarks.Contests;

namespace TuningCluster.Benchmarks.Gemm;

/// <summary>Products of square matrices, ours against the BLAS of numpy, on the same core.</summary>
internal sealed class GemmSuite : ISuite
{
    private static readonly int[] Sizes = [64, 128, 256, 512, 1024, 2048];

    public string Name => "gemm";

    public string Summary => "GFLOP/s of square float32 products from 64 to 2048 against numpy's BLAS, on one thread and on two.";

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress) => [.. Run(1, quick, progress), .. Run(2, quick, progress)];

    private List<Row> Run(int threads, bool quick, TextWriter progress)
    {
        var (rounds, tries, seconds) = quick ? (3, 3, 0.05) : (7, 21, 0.3);
        using var ours = Contestant.Ours("gemm", threads);
        using var numpy = Contestant.Rival("numpy", "numpy_products.py", threads, "numpy");
        var rows = new List<Row>();
        foreach (var size in Sizes)
        {
            var repeats = (int)Math.Max(1, 2e7 / Math.Pow(size, 3));
            var question = new GemmQuestion(size, seconds, threads, repeats);
            var medians = Rounds.Medians(
                rounds, tries, progress, Turn.Of(ours, question, threads), Turn.Of(numpy, question, threads));
            var what = threads == 1 ? "one thread" : "two threads";
            progress.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{size}, {what}: ours {medians[0]:F1}, {numpy.Name} {medians[1]:F1} GFLOP/s"));
            rows.Add(new Row(
                Name, $"{size} x {size}, {what}", "GFLOP/s", medians[0]!.Value, medians[1], numpy.Name, 1, GoalOf.Ratio, Better.Higher,
                rounds, Machine.Cpu, Machine.Today));
        }

        return rows;
    }
}
