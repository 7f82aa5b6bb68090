using System.Globalization;
using CsCheck;
using TuningCluster.TrialWorker.Data;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class NumberTextTests
{
    [Fact]
    public void Gives_the_bits_the_general_way_gives() => Gen.OneOf(
            Gen.String[Gen.Char["0123456789.-+e "], 0, 20],
            Gen.Select(Gen.Int[0, 16], Gen.Int[0, 16], Gen.Long[0, 999_999_999_999_999], (before, after, digits) =>
                $"{digits.ToString(CultureInfo.InvariantCulture)[..Math.Min(before, digits.ToString(CultureInfo.InvariantCulture).Length)]}.{digits.ToString(CultureInfo.InvariantCulture)[^Math.Min(after, digits.ToString(CultureInfo.InvariantCulture).Length)..]}"),
            Gen.Double.Select(d => d.ToString("R", CultureInfo.InvariantCulture)),
            Gen.Float.Select(f => f.ToString("R", CultureInfo.InvariantCulture)))
        .Sample(Check, iter: 20_000);

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("5.")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("-0")]
    [InlineData("+1")]
    [InlineData("--1")]
    [InlineData("1.2.3")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    [InlineData("1e5")]
    [InlineData("Infinity")]
    [InlineData("999999999999999")]
    [InlineData("9999999999999999")]
    [InlineData("0.00000000000001")]
    [InlineData("٣")]
    public void Agrees_at_the_edges(string text) => Check(text);

    private static void Check(string text)
    {
        var expected = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var general);
        Assert.Equal(expected, NumberText.TryParse(text, out var number));
        if (expected)
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(general), BitConverter.DoubleToInt64Bits(number));
        }
    }
}
