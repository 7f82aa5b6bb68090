using TuningCluster.Shared.Text;

namespace TuningCluster.Shared.Tests.Text;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["learning_rate", "layers", "width", "batch_size", "label"];

    [Theory]
    [InlineData("learning_rat", "learning_rate")]
    [InlineData("lerning-rate", "learning_rate")]
    [InlineData("Layers", "layers")]
    [InlineData("lable", "label")]
    [InlineData("widht", "width")]
    [InlineData("batchsize", "batch_size")]
    public void Finds_what_was_meant(string word, string name) => Assert.Equal(name, NearestName.Find(word, Names));

    [Theory]
    [InlineData("zzz")]
    [InlineData("")]
    [InlineData("momentum")]
    public void Guesses_nothing_far_fetched(string word) => Assert.Null(NearestName.Find(word, Names));

    [Fact]
    public void Guesses_nothing_among_no_names() => Assert.Null(NearestName.Find("label", []));

    [Fact]
    public void A_single_other_letter_is_no_guess() => Assert.Null(NearestName.Find("x", ["y"]));
}
