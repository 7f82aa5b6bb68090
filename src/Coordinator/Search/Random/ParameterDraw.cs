using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Random;

/// <summary>One value of one parameter from one random word, evenly over its values (in log space where the parameter says so).</summary>
public static class ParameterDraw
{
    /// <summary>The value that <paramref name="word"/> stands for.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="word">64 random bits. Exactly one word a value, whatever the parameter, so that no draw shifts another; the price is a
    /// bias below count ÷ 2⁶⁴ between whole values.</param>
    public static ParameterValue From(Parameter parameter, ulong word) => parameter switch
    {
        FloatParameter { StepCount: { } count } f => ParameterValue.Float(f.AtStep(Index(word, count))),
        FloatParameter { Log: true } f => ParameterValue.Float(Between(Math.Exp(Lerp(Math.Log(f.Low), Math.Log(f.High), Unit(word))), f)),
        FloatParameter f => ParameterValue.Float(Between(Lerp(f.Low, f.High, Unit(word)), f)),
        IntParameter { Log: true } i => ParameterValue.Int(LogInt(i, Unit(word))),
        IntParameter i => ParameterValue.Int(i.Low + (i.Step * Index(word, i.Count))),
        CategoricalParameter c => c.Choices[(int)Index(word, c.Choices.Count)],
        _ => throw new ArgumentException($"No draw for {parameter.GetType().Name}.", nameof(parameter)),
    };

    /// <summary>The index in {0, …, <paramref name="count"/> − 1} that <paramref name="word"/> stands for.</summary>
    public static long Index(ulong word, long count) => (long)Math.BigMul(word, (ulong)count, out _);

    private static double Unit(ulong word) => (word >> 11) * (1.0 / (1UL << 53));

    private static double Lerp(double low, double high, double t) => low + ((high - low) * t);

    private static double Between(double value, FloatParameter parameter) => Math.Clamp(value, parameter.Low, parameter.High);

    /// <summary>Every whole number owns the half to each side of it, so that the ends are not rarer than they should be.</summary>
    private static long LogInt(IntParameter parameter, double unit)
    {
        var value = Math.Exp(Lerp(Math.Log(parameter.Low - 0.5), Math.Log(parameter.High + 0.5), unit));
        return Math.Clamp((long)Math.Round(value), parameter.Low, parameter.High);
    }
}
