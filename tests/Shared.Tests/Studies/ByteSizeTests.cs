using CsCheck;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1GiB", 1L << 30)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("1.5 KiB", 1536)]
    [InlineData("100", 100)]
    [InlineData("7B", 7)]
    [InlineData("1tib", 1L << 40)]
    public void Reads(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("1Gi")]
    [InlineData("-1GiB")]
    [InlineData("99999999999TiB")]
    public void Refuses(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 KiB")]
    [InlineData(10188, "9.9 KiB")]
    [InlineData(10189, "10 KiB")]
    [InlineData(800_000_000, "763 MiB")]
    [InlineData(2_040_000_000, "1.9 GiB")]
    [InlineData(long.MaxValue, "8388608 TiB")]
    public void Rounds_for_people(long bytes, string text) => Assert.Equal(text, ByteSize.Rounded(bytes));

    [Fact]
    public void Every_size_reads_back() => Gen.Long[0, long.MaxValue].Sample(bytes =>
    {
        Assert.True(ByteSize.TryParse(ByteSize.Text(bytes), out var size));
        Assert.Equal(bytes, size);
    });
}
