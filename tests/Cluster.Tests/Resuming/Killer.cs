using System.Globalization;
using TuningCluster.Cluster.Tests.Processes;

namespace TuningCluster.Cluster.Tests.Resuming;

/// <summary>Runs a study, kills it with SIGKILL at moments drawn from a seed, and runs it again by the same command.</summary>
internal sealed class Killer(Workspace workspace, string study, string file, int seed)
{
    // A look costs half a life.
    private const int LooksEvery = 5;

    private readonly Random _random = new(seed);
    private readonly List<string> _story = [];

    public Ledger Ledger { get; } = new();

    public int Kills { get; private set; }

    /// <summary>Kills until the count is reached or the study is at its end, then lets it finish.</summary>
    /// <param name="options">Of every run.</param>
    public async Task Run(int kills, params IReadOnlyList<string> options)
    {
        try
        {
            while (Kills < kills)
            {
                var life = await LiveAndDie(options);
                Ledger.Announce(life);
                if (life.Code == 0 || Kills % LooksEvery == 0)
                {
                    Ledger.Check(await Trials());
                }

                if (life.Code == 0)
                {
                    return;
                }
            }

            var last = (await workspace.Tuning(["run", file, .. options])).MustEndWith(0);
            Ledger.Announce(last);
            Ledger.Check(await Trials());
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}:\n{string.Join('\n', _story)}");
            throw;
        }
    }

    private async Task<CommandResult> LiveAndDie(IReadOnlyList<string> options)
    {
        var process = workspace.Start(["run", file, .. options]);
        var moment = await Moment(process);
        var life = await process.Kill();
        if (life.Code != 0)
        {
            life.MustEndWith(128 + (int)Signal.Kill);
            Kills++;
        }

        _story.Add($"{(life.Code == 0 ? "ended before" : "killed")} {moment}; {Ledger.Ended} trials had ended before");
        return life;
    }

    // Some moments come by themselves, early in a life; others follow an event, so that a crowded machine gets there too.
    private async Task<string> Moment(TuningProcess process)
    {
        var kind = _random.Next(10);
        var outcomes = _random.Next(1, 4);
        var extra = TimeSpan.FromMilliseconds(_random.Next(kind < 3 ? 900 : 60));
        var what = kind switch
        {
            < 3 => "while starting",
            < 5 => "after the greeting, recovering or at the first trials",
            _ => string.Create(CultureInfo.InvariantCulture, $"after {outcomes} outcomes"),
        };
        if (kind >= 3)
        {
            _ = kind < 5 ? await process.Error.Seen(line => line.StartsWith("study ", StringComparison.Ordinal)) : await process.Error.Seen(Ledger.IsOutcome, outcomes);
        }

        if (!process.HasEnded)
        {
            await Task.Delay(extra);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{what} + {extra.TotalMilliseconds} ms");
    }

    private async Task<IReadOnlyList<TrialRow>> Trials()
    {
        var result = await workspace.Tuning("trials", study, "-o", "json");
        return result.Code == 2 && result.Error.Contains($"no study '{study}'", StringComparison.Ordinal)
            ? []
            : TrialRow.Read(result.MustEndWith(0).Json());
    }
}
