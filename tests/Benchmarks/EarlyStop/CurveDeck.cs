using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Benchmarks.EarlyStop;

/// <summary>The rows of a table as one study meets them: every trial trains another one.</summary>
internal sealed class CurveDeck
{
    private const string Row = "row";

    private readonly CurveTable _table;
    private readonly double[][] _points;
    private readonly List<int> _left;

    /// <param name="table">Of which nothing is taken yet.</param>
    /// <param name="isByParameters">Whether trials are sets of parameters, which a strategy can learn from; else just rows, each as likely as the others.</param>
    public CurveDeck(CurveTable table, bool isByParameters)
    {
        _table = table;
        _left = [.. Enumerable.Range(0, table.Curves.Length)];
        var axes = isByParameters ? table.Columns.Select((name, i) => new Axis(name, [.. table.Parameters.Select(p => p[i])])).ToArray() : [];
        _points = isByParameters ? [.. table.Parameters.Select((_, row) => axes.Select(axis => axis.Places[row]).ToArray())] : [];
        Space = new SearchSpace(isByParameters ? [.. axes.Select(axis => Unit(axis.Name))] : [Unit(Row)]);
    }

    /// <summary>What is searched: coordinates of the unit cube.</summary>
    public SearchSpace Space { get; }

    public bool IsEmpty => _left.Count == 0;

    /// <summary>The curve of a trial: of the row that is nearest to its parameters, of those that no trial has had.</summary>
    /// <remarks>Without replacement, as the recorded figures have it: of the rows a number in [0, 1] means one as often as any other.</remarks>
    public double[] Take(TrialParameters parameters)
    {
        var place = _points.Length == 0 ? Math.Min(_left.Count - 1, (int)(parameters[Row].AsDouble() * _left.Count)) : Nearest(parameters);
        var row = _left[place];
        _left.RemoveAt(place);
        return _table.Curves[row];
    }

    private static FloatParameter Unit(string name) => new(name, 0, 1, Log: false, Step: null, Points: null, []);

    private int Nearest(TrialParameters parameters)
    {
        var wanted = _table.Columns.Select(name => parameters[name].AsDouble()).ToArray();
        var (nearest, least) = (0, double.PositiveInfinity);
        for (var place = 0; place < _left.Count; place++)
        {
            var point = _points[_left[place]];
            var distance = 0.0;
            for (var i = 0; i < wanted.Length; i++)
            {
                distance += (point[i] - wanted[i]) * (point[i] - wanted[i]);
            }

            (nearest, least) = distance < least ? (place, distance) : (nearest, least);
        }

        return nearest;
    }

    /// <summary>One parameter between its least and greatest value in the table, on the scale TaskSet drew it from: all are logarithmic, of the β their distance from 1.</summary>
    private sealed class Axis
    {
        public Axis(string name, double[] values)
        {
            Name = name;
            var scaled = values.Select(v => Math.Log(name.StartsWith("beta", StringComparison.Ordinal) ? 1 - v : v)).ToArray();
            var (low, high) = (scaled.Min(), scaled.Max());
            Places = [.. scaled.Select(v => high > low ? (v - low) / (high - low) : 0)];
        }

        public string Name { get; }

        public double[] Places { get; }
    }
}
