using System.Text.RegularExpressions;
using TuningCluster.Shared.Models;

namespace TuningCluster.TrialWorker.Tests.Docs;

public partial class NetworkPageTests
{
    public static TheoryData<string> Parts => [.. NetworkPage.Parts.Keys];

    /// <summary>TUNING_UPDATE_GOLDEN=1 writes the part anew.</summary>
    [Theory]
    [MemberData(nameof(Parts))]
    public void Table_is_the_one_of_the_code(string name)
    {
        var part = NetworkPage.Parts[name]();
        if (DocsFolder.IsUpdate)
        {
            File.WriteAllText(NetworkPage.Path, NetworkPage.WithPart(Page(), name, part));
        }

        Assert.Equal(part, NetworkPage.PartOf(Page(), name));
    }

    [Fact]
    public void Every_setting_choice_and_metric_is_explained_outside_the_tables()
    {
        var prose = NetworkPage.WithoutParts(Page());
        var words = ModelSettings.All.Select(s => s.Name)
            .Concat(ModelSettings.All.SelectMany(s => s.Choices))
            .Concat(Metrics.All.Where(m => !m.Name.StartsWith(Metrics.Test, StringComparison.Ordinal)).Select(m => m.Name));

        Assert.All(words, w => Assert.True(prose.Contains($"`{w}`", StringComparison.Ordinal), w));
    }

    [Fact]
    public void Page_shows_every_picture_and_no_other() => Assert.Equal(
        Plots.All.Keys.Order(StringComparer.Ordinal),
        Pictures().Matches(Page()).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));

    [Fact]
    public void Links_within_the_page_lead_somewhere()
    {
        var page = Page();
        var headings = Headings().Matches(page).Select(m => NotInAnchors().Replace(m.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-')).ToHashSet();

        Assert.All(Anchors().Matches(page), m => Assert.Contains(m.Groups[1].Value, headings));
    }

    private static string Page() => File.ReadAllText(NetworkPage.Path);

    [GeneratedRegex(@"\(plots/([^)]+)\)")]
    private static partial Regex Pictures();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"\]\(#([^)]+)\)")]
    private static partial Regex Anchors();

    /// <summary>What GitHub leaves out of a heading's anchor.</summary>
    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
