namespace TuningCluster.TestKit.Simulation;

/// <summary>How the network treats one message.</summary>
/// <param name="Loss">Probability that it never arrives.</param>
/// <param name="Duplicate">Probability that it arrives twice.</param>
/// <param name="Slow">Probability that it takes up to <paramref name="SlowUpTo"/>, overtaken by later ones.</param>
public sealed record Weather(double Loss, double Duplicate, double Slow, TimeSpan SlowUpTo)
{
    public static readonly Weather Calm = new(0, 0, 0, TimeSpan.Zero);
}
