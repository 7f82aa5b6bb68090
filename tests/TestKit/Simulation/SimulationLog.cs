using System.Globalization;

namespace TuningCluster.TestKit.Simulation;

/// <summary>The last lines of a simulation. A simulation without one formats none.</summary>
/// <param name="keep">How many lines are kept.</param>
public sealed class SimulationLog(int keep)
{
    private readonly Queue<string> _lines = [];

    public IReadOnlyCollection<string> Lines => _lines;

    internal void Add(TimeSpan at, string line)
    {
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds,9:0.000} s  {line}"));
        if (_lines.Count > keep)
        {
            _lines.Dequeue();
        }
    }
}
