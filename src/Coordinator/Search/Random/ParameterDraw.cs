using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Random;

/// <summary>One value of one parameter from one random word, evenly over its values (in log space where the parameter says so).</summary>
public static class ParameterDraw
{
    /// <summary>The value that <paramref name="word"/> stands for.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="word">64 random bits. Exactly one word a value, whatever the parameter, so that no draw shifts another; the price is a
    /// bias below count ÷ 2⁶⁴ between whole values.</param>
    public static ParameterValue From(Parameter parameter, ulong word) => From(new Dimension(parameter), word);

    /// <inheritdoc cref="From(Parameter, ulong)"/>
    public static ParameterValue From(Dimension dimension, ulong word) =>
        dimension.HasEqualCells ? dimension.AtIndex(Index(word, dimension.Count)) : dimension.FromUnit((word >> 11) * (1.0 / (1UL << 53)));

    /// <summary>The index in {0, …, <paramref name="count"/> − 1} that <paramref name="word"/> stands for.</summary>
    public static long Index(ulong word, long count) => (long)Math.BigMul(word, (ulong)count, out _);
}
