using CsCheck;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

public sealed class StudyDurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("2h30m", 9000)]
    [InlineData("1d", 86400)]
    [InlineData("500ms", 0.5)]
    [InlineData("1.5h", 5400)]
    [InlineData("1d2h3m4s5ms", 93784.005)]
    [InlineData("45", 45)]
    [InlineData("0.25", 0.25)]
    public void Reads(string text, double seconds)
    {
        Assert.True(StudyDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-5s")]
    [InlineData("5 m")]
    [InlineData("5M")]
    [InlineData("1m2h")]
    [InlineData("1h1h")]
    [InlineData("1e3")]
    [InlineData("10001d")]
    [InlineData("999999999999999d")]
    public void Refuses(string text) => Assert.False(StudyDuration.TryParse(text, out _));

    [Theory]
    [InlineData(90, "1m30s")]
    [InlineData(600, "10m")]
    [InlineData(0.5, "500ms")]
    [InlineData(0, "0s")]
    [InlineData(90061, "1d1h1m1s")]
    public void Writes(double seconds, string text) => Assert.Equal(text, StudyDuration.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Every_duration_reads_back() => Gen.Long[0, StudyDuration.Longest.Ticks].Sample(ticks =>
    {
        Assert.True(StudyDuration.TryParse(StudyDuration.Text(new TimeSpan(ticks)), out var duration));
        Assert.Equal(ticks, duration.Ticks);
    });
}
