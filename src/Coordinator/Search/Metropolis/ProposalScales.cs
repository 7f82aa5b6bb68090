namespace TuningCluster.Coordinator.Search.Metropolis;

/// <summary>How far proposals go: a scale a coordinate for moves of one, and a factor on them for moves of all, each led to the acceptance at which such moves
/// explore fastest: 0.44 and 0.234 (Roberts and Rosenthal 2001).</summary>
/// <remarks>Robbins–Monro: ln s changes by (acceptance − target)/t^0.6 after the t-th move of its kind, so that the changes die out (Andrieu and Thoms 2008).</remarks>
internal sealed class ProposalScales
{
    private const double First = 0.2;
    private const double OfOne = 0.44;
    private const double OfAll = 0.234;
    private const double Decay = 0.6;
    private const double Longest = 1;
    private const double Shortest = 1e-6;

    private readonly double[] _scales;
    private readonly int[] _moves;
    private double _factor;
    private int _movesOfAll;

    public ProposalScales(int dimensions)
    {
        _scales = new double[dimensions];
        Array.Fill(_scales, First);
        _moves = new int[dimensions];
        // 2.38/√n of a coordinate's own scale is best for a normal density (Roberts, Gelman and Gilks 1997).
        _factor = Math.Min(1, 2.38 / Math.Sqrt(dimensions) / 2.4);
    }

    /// <summary>Deviation of a move of one coordinate.</summary>
    public double Of(int dimension) => _scales[dimension];

    /// <summary>Factor on the coordinates' scales where all move at once.</summary>
    public double Factor => _factor;

    /// <param name="dimension">Which moved; null for all.</param>
    /// <param name="acceptance">Probability with which it was accepted.</param>
    public void Learn(int? dimension, double acceptance)
    {
        if (dimension is { } d)
        {
            _scales[d] = Move(_scales[d], acceptance - OfOne, ++_moves[d]);
        }
        else
        {
            _factor = Move(_factor, acceptance - OfAll, ++_movesOfAll);
        }
    }

    private static double Move(double scale, double excess, int moves) =>
        Math.Clamp(scale * Math.Exp(excess / Math.Pow(moves, Decay)), Shortest, Longest);
}
