using MathNet.Numerics.Statistics;
using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Metropolis;

/// <summary>The chains of a study as a fold over its finished trials.</summary>
/// <remarks>
/// A trial belongs to the chain of its number (modulo the chains) and to that chain's present step when it is what the step proposes under its number: drawn again,
/// it is the same point. The step's first trial leads: when it ends the step is made, with all of the step's proposals like it that have ended by then. The others, and trials of
/// earlier steps, are proposals by themselves when they end, unless the chain is to keep its distribution exactly. Those the user asked for are not of the chain.
/// Trials from before the study are first trials, and once the space was widened all from before that: the chains begin at the best of them.
/// </remarks>
internal sealed class MetropolisRun
{
    /// <summary>Uphill moves between the first trials that the first temperature accepts (Kirkpatrick et al. 1983 begin where nearly all are).</summary>
    private const double FirstAcceptance = 0.8;

    /// <summary>The last temperature, of the first.</summary>
    private const double Cooling = 1e-5;

    /// <summary>As many kinds of move as trials usually run at a time.</summary>
    private const int Strands = 8;

    /// <summary>Trials over which a study without a budget cools.</summary>
    private const int AssumedBudget = 200;

    /// <summary>Ratio of neighbouring temperatures of parallel tempering.</summary>
    private const double Ladder = 2.5;

    /// <summary>First trials whose losses are compared with each other at most, evenly chosen by rank: there are more only in a widened study.</summary>
    private const int MostCompared = 256;

    private readonly EncodedSpace _space;
    private readonly MetropolisSettings _settings;
    private readonly long _seed;
    private readonly Chain[] _chains;
    private readonly List<Observation> _first = [];
    private readonly HashSet<int> _seen = [];
    private readonly List<MetropolisStep> _trace = [];
    private double _firstTemperature;
    private bool _begun;

    /// <summary>First trials have come since the chains last began.</summary>
    private bool _due;

    public MetropolisRun(EncodedSpace space, MetropolisSettings settings, long seed)
    {
        (_space, _settings, _seed) = (space, settings, seed);
        _chains = [.. Enumerable.Range(0, settings.Chains).Select(i => new Chain(space, seed, i, settings.IsExact ? 1 : Strands) { Rung = i })];
    }

    /// <summary>Whether the chains have begun: a finite loss is known.</summary>
    public bool HasBegun
    {
        get
        {
            BeginWhenDue();
            return _begun;
        }
    }

    /// <summary>Every step made, in order.</summary>
    public IReadOnlyList<MetropolisStep> Trace => _trace;

    public IReadOnlyList<Chain> Chains => _chains;

    public Chain ChainOf(int number) => _chains[number % _chains.Length];

    /// <summary>Learns of the next finished trial.</summary>
    public void Add(Observation trial, StudyHistory history)
    {
        if (!trial.IsPrior)
        {
            _seen.Add(trial.Number);
        }

        if (trial.IsPrior || trial.Number < history.Older ? _trace.Count == 0 : !HasBegun)
        {
            _first.Add(trial);
            _due = true;
            return;
        }

        var chain = ChainOf(trial.Number);
        if (IsOf(chain, trial.Number, trial.Point) is not { } proposal)
        {
            if (!_settings.IsExact && !history.Trials[trial.Number].Enqueued)
            {
                StepAlone(chain, trial, Whole(trial.Point), history, learns: false);
            }

            return;
        }

        chain.Leader ??= LeaderBefore(chain, trial.Number, history);
        if (!chain.AreAlike(trial.Number, chain.Leader.Value))
        {
            StepAlone(chain, trial, proposal, history, _settings.Adapt);
            return;
        }

        chain.End(proposal, trial.Loss, trial.TotalViolation);
        if (chain.Leader == trial.Number)
        {
            Make(chain, trial.Number, history);
        }
    }

    /// <summary>The loss at which a proposal of the coldest chain is accepted as often as not is about so much above its own.</summary>
    public double Temperature(int rung, int finished, int? budget)
    {
        if (_settings.Temperature is { } given)
        {
            return given * Math.Pow(Ladder, rung);
        }

        var progress = Math.Min(1, finished / (double)(budget ?? AssumedBudget));
        return _firstTemperature * Math.Pow(Cooling, Math.Pow(progress, 0.5)) * Math.Pow(Ladder, rung);
    }

    private void BeginWhenDue()
    {
        if (!_due)
        {
            return;
        }

        _due = false;
        var finite = _first.Where(o => double.IsFinite(o.Loss)).Order(ByRank.Instance).ToList();
        if (_first.Count < _settings.StartupFor(_space.Count) || finite.Count == 0)
        {
            return;
        }

        _begun = true;
        _firstTemperature = FirstTemperature([.. finite.Where((_, i) => i % (1 + (finite.Count / MostCompared)) == 0).Select(o => o.Loss)]);
        for (var c = 0; c < _chains.Length; c++)
        {
            var start = finite[c % finite.Count];
            _chains[c].Begin(Whole(start.Point), start.Loss, start.TotalViolation);
        }
    }

    /// <summary>A number for every coordinate: what is not active stands in the middle.</summary>
    private static double[] Whole(double[] point) => [.. point.Select(u => double.IsNaN(u) ? 0.5 : u)];

    /// <summary>T with exp(−Δ/T) = 0.8 for the median uphill difference Δ between the first trials: a robust scale of the energies.</summary>
    private static double FirstTemperature(double[] losses)
    {
        var up = new List<double>();
        for (var i = 0; i < losses.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                up.Add(Math.Abs(losses[i] - losses[j]));
            }
        }

        var typical = up.Count > 0 ? up.Median() : 0;
        return typical > 0 ? typical / -Math.Log(FirstAcceptance) : 1;
    }

    /// <summary>The whole proposal when the trial is of the chain's present step.</summary>
    public double[]? IsOf(Chain chain, int number, double[] point)
    {
        if (number <= chain.LastLeader)
        {
            return null;
        }

        var proposal = chain.ProposalOf(number);
        var snapped = (double[])proposal.Clone();
        _space.Snap(snapped);
        for (var d = 0; d < snapped.Length; d++)
        {
            // A value's way to the journal and back may round the last bits.
            if (double.IsNaN(snapped[d]) != double.IsNaN(point[d]) || Math.Abs(snapped[d] - point[d]) > 1e-9)
            {
                return null;
            }
        }

        return proposal;
    }

    /// <summary>A trial of the chain that is not one of the leader's kind in the present step.</summary>
    private void StepAlone(Chain chain, Observation trial, double[] point, StudyHistory history, bool learns)
    {
        var temperature = Temperature(chain.Rung, _seen.Count, history.Budget);
        if (chain.StepAlone(trial.Number, point, trial.Loss, trial.TotalViolation, temperature, learns))
        {
            _trace.Add(new MetropolisStep(Array.IndexOf(_chains, chain), trial.Number, temperature, chain.Energy, true, (double)chain.Accepted / chain.Steps, false));
        }
    }

    /// <summary>The step's first trial: the lowest number that is one of its proposals.</summary>
    private int LeaderBefore(Chain chain, int number, StudyHistory history)
    {
        var point = new double[_space.Count];
        for (var n = chain.LastLeader + 1; n < number; n++)
        {
            if (ChainOf(n) == chain && !history.Trials[n].Enqueued && !_seen.Contains(n)
                && _space.TryEncode(history.Trials[n].Parameters, point) && IsOf(chain, n, point) is not null)
            {
                return n;
            }
        }

        return number;
    }

    private void Make(Chain chain, int number, StudyHistory history)
    {
        var temperature = Temperature(chain.Rung, _seen.Count, history.Budget);
        var accepted = chain.Step(temperature, _settings.Adapt);
        var swapped = _chains.Length > 1 && Swap(chain, number, history);
        _trace.Add(new MetropolisStep(
            Array.IndexOf(_chains, chain), number, temperature, chain.Energy, accepted, (double)chain.Accepted / chain.Steps, swapped));
    }

    /// <summary>Two chains exchange their temperatures (Swendsen and Wang 1986; Geyer 1991): what is hot goes far and hands on what it finds.</summary>
    private bool Swap(Chain chain, int number, StudyHistory history)
    {
        var rng = Rng.For(_seed, number, "swap");
        var up = chain.Rung == 0 || (chain.Rung < _chains.Length - 1 && rng.NextDouble() < 0.5);
        var other = Array.Find(_chains, c => c.Rung == chain.Rung + (up ? 1 : -1))!;
        var (own, others) = (Temperature(chain.Rung, _seen.Count, history.Budget), Temperature(other.Rung, _seen.Count, history.Budget));
        if (rng.NextDouble() >= Math.Exp(((1 / own) - (1 / others)) * (chain.Energy - other.Energy)))
        {
            return false;
        }

        (chain.Rung, other.Rung) = (other.Rung, chain.Rung);
        return true;
    }
}
