using System.Globalization;
using TuningCluster.Benchmarks.Quality;

namespace TuningCluster.Benchmarks.Study;

/// <summary>Population-based training against random search for the same epochs: the digits study of the README, so many members or so many trials of 30 epochs.</summary>
/// <remarks>A member is looked at after each of its ten turns, a random trial at its end. So that this alone is not taken for an advantage, two rows more compare the best epochs
/// of both, and what the best ones do on the test part.</remarks>
internal sealed class PopulationSuite : ISuite
{
    private const int FirstSeed = 1;

    /// <summary>Of a member: a tenth of the epochs each.</summary>
    private const int Turns = 10;

    public string Name => "population";

    public string Summary => "Best value of the digits study by population-based training against random search with as many epochs.";

    public IReadOnlyList<string> Options { get; } = ["members", "seeds"];

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress) => Run(new Arguments(this, false, quick, new Dictionary<string, string>()), progress);

    public IReadOnlyList<Row> Run(Arguments arguments, TextWriter progress)
    {
        var seeds = arguments.Number("seeds") ?? (arguments.Quick ? 3 : 10);
        progress.WriteLine("Publishing 'tuning' ReadyToRun …");
        var program = PublishedProgram.Publish();
        var rows = new List<Row>();
        foreach (var members in arguments.Numbers("members") ?? (arguments.Quick ? [8] : [8, 20]))
        {
            var (ours, theirs) = (new List<SearchResult>(), new List<SearchResult>());
            for (var seed = FirstSeed; seed < FirstSeed + seeds; seed++)
            {
                ours.Add(DigitsStudy.RunOurs(program, string.Create(CultureInfo.InvariantCulture, $"{{ name: pbt, population: {members} }}"), members * Turns, seed));
                theirs.Add(DigitsStudy.RunOurs(program, "{ name: random }", members, seed));
                progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{members} members, seed {seed}: pbt {ours[^1].Best:G4}, random {theirs[^1].Best:G4}"));
            }

            rows.Add(Row("best trial", "validation loss", result => result.Best));
            rows.Add(Row("best epoch", "validation loss", result => result.BestEpoch));
            rows.Add(Row("best trial", "test loss", result => result.Test));

            Row Row(string what, string unit, Func<SearchResult, double> value)
            {
                var judged = new Judgement([.. ours.Select(value)], [.. theirs.Select(value)], IsLowerBetter: true);
                return new Row(
                    Name, $"digits, {members} members, {what}", unit, Median.Of(judged.Ours), Median.Of(judged.Theirs), $"random, {members} trials", null, GoalOf.Ratio, Better.Lower,
                    seeds, Machine.Cpu, Machine.Today) { Note = judged.Note };
            }
        }

        return rows;
    }
}
