using System.Globalization;
using System.IO.Compression;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>A complete table of trained networks: a trial sees the value of one seed drawn at random, the incumbent is judged by the mean of all.</summary>
internal sealed class TableProblem : Problem
{
    private readonly string[] _columns;
    private readonly string[][] _levels;
    private readonly double[][] _values;
    private readonly double _best;

    private TableProblem(string name, Direction direction, string[] columns, string[][] levels, double[][] values)
        : base(name, SpaceOf(columns, levels), direction)
    {
        (_columns, _levels, _values) = (columns, levels, values);
        var means = values.Select(v => v.Average());
        _best = direction == Direction.Minimize ? means.Min() : means.Max();
    }

    public override double? Best => _best;

    public override bool IsNoisy => true;

    public override ProblemRun Begin(int seed) => new Lookup(this, seed);

    /// <summary>What the problem of a file is called.</summary>
    public static string NameOf(string path) => Path.GetFileName(path).Split('.')[0];

    /// <param name="path">A gzipped csv whose last columns, as many as there are seeds, have <c>_seed</c> in their name.</param>
    /// <param name="direction">Of the value.</param>
    /// <exception cref="BenchmarkException">Not every combination of the levels has a row.</exception>
    public static TableProblem Load(string path, Direction direction)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var header = reader.ReadLine()!.Split(',');
        var inputs = header.TakeWhile(h => !h.Contains("_seed", StringComparison.Ordinal)).ToArray();
        var rows = new List<string[]>();
        while (reader.ReadLine() is { } line)
        {
            rows.Add(line.Split(','));
        }

        var levels = inputs.Select((_, i) => InOrder(rows.Select(r => r[i]).Distinct())).ToArray();
        var places = levels.Select(l => l.Index().ToDictionary(e => e.Item, e => e.Index, StringComparer.Ordinal)).ToArray();
        var values = new double[levels.Aggregate(1, (product, l) => product * l.Length)][];
        Array.Fill(values, []);
        foreach (var row in rows)
        {
            var at = 0;
            for (var i = 0; i < inputs.Length; i++)
            {
                at = (at * levels[i].Length) + places[i][row[i]];
            }

            values[at] = [.. row.Skip(inputs.Length).Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
        }

        return values.All(v => v.Length > 0)
            ? new TableProblem(NameOf(path), direction, inputs, levels, values)
            : throw new BenchmarkException($"{path} is no complete table: a combination of its levels is missing.");
    }

    private static string[] InOrder(IEnumerable<string> levels)
    {
        var all = levels.ToArray();
        return all.All(l => double.TryParse(l, CultureInfo.InvariantCulture, out _))
            ? [.. all.OrderBy(l => double.Parse(l, CultureInfo.InvariantCulture))]
            : [.. all.Order(StringComparer.Ordinal)];
    }

    /// <summary>Numbers as the index of their level, in order; texts as categories.</summary>
    private static SearchSpace SpaceOf(string[] columns, string[][] levels) => new([.. columns.Select((column, i) =>
        double.TryParse(levels[i][0], CultureInfo.InvariantCulture, out _)
            ? (Parameter)new IntParameter(column, 0, levels[i].Length - 1, Log: false, Step: 1, Points: null, [])
            : new CategoricalParameter(column, [.. levels[i].Select(ParameterValue.Text)], []))]);

    private double[] ValuesOf(TrialParameters parameters)
    {
        var at = 0;
        for (var i = 0; i < _columns.Length; i++)
        {
            var value = parameters[_columns[i]];
            at = (at * _levels[i].Length) + (value.Kind == ParameterValueKind.Text ? Array.IndexOf(_levels[i], value.AsText()) : (int)value.AsInt());
        }

        return _values[at];
    }

    private sealed class Lookup(TableProblem table, int seed) : ProblemRun
    {
        public override double Observe(TrialParameters parameters, int number)
        {
            var values = table.ValuesOf(parameters);
            return values[Rng.For(seed, number, "repeat").NextInt32(values.Length)];
        }

        public override double Judge(TrialParameters parameters) => table.ValuesOf(parameters).Average();
    }
}
