using TuningCluster.Cluster.Tests.Processes;

namespace TuningCluster.Cluster.Tests.Resuming;

/// <summary>What a study's lives have told so far: each of its words must hold in every later life.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<int, TrialRow> _ended = [];
    private readonly HashSet<int> _announced = [];

    public int Ended => _ended.Count;

    /// <summary>What the display of one life announced. An outcome is announced once it is in the journal, so never again.</summary>
    public void Announce(CommandResult life)
    {
        foreach (var line in life.Error.Split('\n').Where(IsOutcome))
        {
            var number = int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(_announced.Add(number), $"The outcome of trial {number} was announced before: {life}");
        }
    }

    /// <summary>What the store says after that life.</summary>
    public void Check(IReadOnlyList<TrialRow> rows)
    {
        var now = rows.Where(r => r.IsFinal).ToDictionary(r => r.Number);
        foreach (var (number, before) in _ended)
        {
            Assert.True(now.TryGetValue(number, out var still), $"Trial {number} was lost: {before}");
            Assert.Equal(before, still);
        }

        foreach (var number in _announced)
        {
            Assert.True(now.ContainsKey(number), $"Trial {number} was announced and is not in the journal.");
        }

        foreach (var (number, row) in now)
        {
            _ended[number] = row;
        }
    }

    /// <summary>"trial 7 complete value=…", but not "trial 7 handed back…".</summary>
    public static bool IsOutcome(string line) =>
        line.Split(' ') is ["trial", _, "complete" or "diverged" or "failed" or "pruned", ..];
}
