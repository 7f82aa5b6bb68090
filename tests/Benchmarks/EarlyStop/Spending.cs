namespace TuningCluster.Benchmarks.EarlyStop;

/// <summary>What a study has seen for the curve points it paid for.</summary>
/// <param name="budget">Curve points; what is paid beyond is not seen.</param>
internal sealed class Spending(int budget)
{
    private readonly double[] _incumbents = new double[budget];
    private double _least = double.PositiveInfinity;

    public int Spent { get; private set; }

    public bool IsOver => Spent >= budget;

    /// <summary>One more point of some curve.</summary>
    /// <param name="loss">Not finite when the training diverged: that point is paid for as well.</param>
    public void Pay(double loss)
    {
        if (IsOver)
        {
            return;
        }

        _least = double.IsFinite(loss) ? Math.Min(_least, loss) : _least;
        _incumbents[Spent++] = _least;
    }

    /// <summary>The least loss after each point; a study that was over before stays where it was.</summary>
    public double[] Incumbents()
    {
        Array.Fill(_incumbents, _least, Spent, budget - Spent);
        return _incumbents;
    }
}
