using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Metropolis;

/// <summary>One chain: where it stands, and the proposals of its present step.</summary>
/// <param name="space">The space.</param>
/// <param name="seed">The study's seed.</param>
/// <param name="index">Its number.</param>
/// <param name="strands">Kinds of move that the trials of one step try, in turn of their numbers: many pending ones should not all move the same coordinate.</param>
internal sealed class Chain(EncodedSpace space, long seed, int index, int strands)
{
    private readonly ProposalScales _scales = new(space.Count);
    private readonly List<(double[] Point, double Energy, double Violation)> _ended = [];
    private readonly (int? Kind, double Stretch, double[] Centre)[] _strands = new (int?, double, double[])[strands];

    /// <summary>Where it stands: every coordinate a number.</summary>
    public double[] Point { get; private set; } = [];

    /// <summary>Loss there.</summary>
    public double Energy { get; private set; }

    /// <summary>By how much the constraints are violated there; 0 when they are not.</summary>
    public double Violation { get; private set; }

    /// <summary>Steps it has made.</summary>
    public int Steps { get; private set; }

    /// <summary>Steps that led elsewhere.</summary>
    public int Accepted { get; private set; }

    /// <summary>Proposals that were no numbers: diverged trials.</summary>
    public int Infinite { get; private set; }

    /// <summary>Which rung of the ladder of temperatures it has; 0 is the coldest.</summary>
    public int Rung { get; set; }

    /// <summary>Number of the trial whose end makes the step; null until it is known.</summary>
    public int? Leader { get; set; }

    /// <summary>Trials up to this number belong to earlier steps.</summary>
    public int LastLeader { get; private set; } = -1;

    public ProposalScales Scales => _scales;

    public void Begin(double[] point, double energy, double violation)
    {
        (Point, Energy, Violation) = (point, energy, violation);
        Prepare();
    }

    /// <summary>The proposal that trial <paramref name="number"/> is when it belongs to the present step: every coordinate a number.</summary>
    public double[] ProposalOf(int number)
    {
        var (kind, stretch, centre) = _strands[number % strands];
        return Proposal.Half(space, centre, kind, stretch, _scales, Rng.For(seed, number, "proposal"));
    }

    /// <summary>Whether two trials of one step try the same kind of move about the same point: then they are proposals of one choice.</summary>
    public bool AreAlike(int number, int other) => number % strands == other % strands;

    /// <summary>A proposal of the present step has ended.</summary>
    /// <param name="energy">Loss; +∞ when it diverged; NaN when it failed, which is no proposal at all.</param>
    /// <param name="violation">By how much it violates the constraints.</param>
    public void End(double[] point, double energy, double violation)
    {
        if (double.IsNaN(energy))
        {
            return;
        }

        Infinite += double.IsPositiveInfinity(energy) ? 1 : 0;
        _ended.Add((point, energy, violation));
    }

    /// <summary>Makes the step: by Metropolis' rule with one proposal, with several by their weights (Tjelmeland 2004; Calderhead 2014). The density is 0 where constraints
    /// are violated more than at the present point; to where they are violated less the chain always goes.</summary>
    /// <returns>Whether it led elsewhere.</returns>
    public bool Step(double temperature, bool adapt)
    {
        var rng = Rng.For(seed, Steps, $"step {index}");
        var draw = rng.NextDouble();
        var (from, was) = (Energy, Violation);
        var accepted = false;
        for (var i = 0; i < _ended.Count; i++)
        {
            if (_ended[i].Violation > Violation)
            {
                _ended[i] = _ended[i] with { Energy = double.PositiveInfinity };
            }
        }

        var closest = _ended.Where(e => e.Violation < Violation && double.IsFinite(e.Energy)).OrderBy(e => e.Violation).ThenBy(e => e.Energy).FirstOrDefault();
        if (closest.Point is not null)
        {
            (Point, Energy, Violation) = closest;
            accepted = true;
        }
        else if (_ended.Count == 1)
        {
            accepted = draw < Odds(_ended[0].Energy, _ended[0].Violation, from, was, temperature);
            if (accepted)
            {
                (Point, Energy, Violation) = _ended[0];
            }
        }
        else if (_ended.Count > 1)
        {
            var least = Math.Min(from, _ended.Min(e => e.Energy));
            var weights = _ended.Select(e => Math.Exp((least - e.Energy) / temperature)).ToArray();
            var own = Math.Exp((least - from) / temperature);
            var total = own + weights.Sum();
            draw *= total;
            for (var i = 0; i < weights.Length && !accepted; i++)
            {
                accepted = draw < weights[i];
                draw -= weights[i];
                if (accepted)
                {
                    (Point, Energy, Violation) = _ended[i];
                }
            }
        }

        Steps++;
        Accepted += accepted ? 1 : 0;
        if (adapt && _ended.Count > 0)
        {
            _scales.Learn(_strands[(Leader ?? 0) % strands].Kind, _ended.Average(e => Odds(e.Energy, e.Violation, from, was, temperature)));
        }

        _ended.Clear();
        (LastLeader, Leader) = (Leader ?? LastLeader, null);
        Prepare();
        return accepted;
    }

    /// <summary>A proposal by itself: by Metropolis' rule against where the chain stands. One of another strand of the present step, or of an earlier step, which was drawn
    /// about where the chain stood then. That costs nothing where the aim is the least energy, but the chain then keeps its distribution nearly, not exactly.</summary>
    /// <param name="learns">It is of the present step, and scales may follow its acceptance.</param>
    /// <returns>Whether it led there; then what was proposed in the present step is of an earlier one.</returns>
    public bool StepAlone(int number, double[] point, double energy, double violation, double temperature, bool learns)
    {
        if (double.IsNaN(energy))
        {
            return false;
        }

        Infinite += double.IsPositiveInfinity(energy) ? 1 : 0;
        if (learns)
        {
            _scales.Learn(_strands[number % strands].Kind, Odds(energy, violation, Energy, Violation, temperature));
        }

        if (Rng.For(seed, number, "alone").NextDouble() >= Odds(energy, violation, Energy, Violation, temperature))
        {
            return false;
        }

        (Point, Energy, Violation) = (point, energy, violation);
        Steps++;
        Accepted++;
        _ended.Clear();
        Leader = null;
        Prepare();
        return true;
    }

    /// <summary>Metropolis' probability of going to where the energy is such and constraints are violated so much.</summary>
    private static double Odds(double energy, double violation, double fromEnergy, double fromViolation, double temperature) =>
        violation > fromViolation ? 0 : violation < fromViolation ? 1 : Math.Min(1, Math.Exp((fromEnergy - energy) / temperature));

    /// <summary>The point that the next step's proposals are drawn about.</summary>
    private void Prepare()
    {
        var rng = Rng.For(seed, Steps, $"centre {index}");
        var spread = (double[])Point.Clone();
        for (var d = 0; d < spread.Length; d++)
        {
            var u = rng.NextDouble();
            var dimension = space.Dimensions[d];
            if (dimension.Kind == DimensionKind.Ordered)
            {
                var (low, high) = dimension.Cell(dimension.IndexAt(spread[d]));
                spread[d] = low + (u * (high - low));
            }
        }

        for (var s = 0; s < strands; s++)
        {
            var (kind, stretch) = Proposal.Kind(space.Count, rng);
            _strands[s] = (kind, stretch, Proposal.Half(space, spread, kind, stretch, _scales, rng));
        }
    }
}
