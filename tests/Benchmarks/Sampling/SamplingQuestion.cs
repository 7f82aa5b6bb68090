namespace TuningCluster.Benchmarks.Sampling;

/// <summary>What the contestants of the suite <c>sampling</c> are asked: milliseconds an ask+tell, the mean of some in a row.</summary>
/// <param name="Sampler">By its name on the side that is asked.</param>
/// <param name="Trials">Finished before the clock starts.</param>
/// <param name="InARow">Suggestions the mean is taken over; each is told its value before the next.</param>
/// <param name="IsOwnHistory">Whether the trials before are the sampler's own suggestions: one that continues a path has to have walked it. Else they are drawn at random.</param>
/// <param name="Seconds">Measured again and again for at least so long, the trials before included, the median counts; 0 for once.</param>
internal sealed record SamplingQuestion(string Sampler, int Trials, int InARow, bool IsOwnHistory, double Seconds);
