using TuningCluster.Architecture.Tests.Reading;
using Xunit.Sdk;

namespace TuningCluster.Architecture.Tests;

/// <summary>The checker itself: it finds every violation planted in this assembly, and nothing else.</summary>
public sealed class CheckerTests
{
    private const string Planted = "TuningCluster.Architecture.Tests.Planted";

    private static readonly IReadOnlySet<Use> Own = AssemblyUses.Read(typeof(CheckerTests).Assembly.Location);

    public static IEnumerable<TheoryDataRow<string>> TypesOfUpper() => typeof(CheckerTests).Assembly.GetTypes()
        .Where(t => t is { Namespace: $"{Planted}.Upper", IsNested: false } && t.Name != "Innocent")
        .Select(t => new TheoryDataRow<string>(t.FullName!));

    [Theory]
    [MemberData(nameof(TypesOfUpper))]
    public void Sees_a_use_wherever_it_hides(string type) => Assert.Contains(Own, u => u.From == type && u.IsOf($"{Planted}.Lower"));

    [Fact]
    public void Sees_no_use_where_there_is_none() =>
        Assert.DoesNotContain(Own, u => u.IsFrom($"{Planted}.Upper.Innocent") && u.IsOf($"{Planted}.Lower"));

    [Fact]
    public void A_namespace_is_not_mistaken_for_one_whose_name_goes_on() =>
        Assert.False(new Use("a", "Some.SearchSpaces.Type", "Some.Type", null).IsFrom("Some.Search"));

    [Fact]
    public void A_broken_rule_names_the_offender_and_its_target()
    {
        var failure = Assert.Throws<FailException>(() =>
            House.Forbid(Own, "No lower things.", u => u.IsFrom($"{Planted}.Upper.AsStaticCall") && u.IsOf($"{Planted}.Lower")));

        Assert.Contains("No lower things.", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{Planted}.Upper.AsStaticCall → {Planted}.Lower.Thing.Act", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_thing_forbidden_to_plain_rooms_is_found()
    {
        Assert.Equal(["ReadsTheClock", "StartsAStopwatch", "TakesTheSystemClock"], Offenders(Forbidden.Clocks));
        Assert.Equal(["ReadsAFile"], Offenders(Forbidden.Files));
        Assert.Equal(["OpensASocket"], Offenders(Forbidden.Network));
        Assert.Equal(["WritesALog"], Offenders(Forbidden.Loggers));
        Assert.Equal(["KnowsActors"], Offenders(Forbidden.Actors));
    }

    private static IEnumerable<string> Offenders(Func<Use, bool> forbidden) => Own
        .Where(u => u.IsFrom($"{Planted}.Impure") && forbidden(u))
        .Select(u => u.From[(u.From.LastIndexOf('.') + 1)..])
        .Distinct()
        .Order(StringComparer.Ordinal);
}
