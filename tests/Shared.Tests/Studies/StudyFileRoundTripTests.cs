using System.Text.Json;
using CsCheck;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

public sealed class StudyFileRoundTripTests
{
    [Fact]
    public void Every_study_reads_back_equal_from_its_journal_text() => StudySpecGen.Studies.Sample(
        spec =>
        {
            var text = StudyFile.Write(spec);
            var parsed = StudyFile.Parse(text, "journal");
            Assert.True(parsed.Errors.Count == 0, $"{text}\n{string.Join('\n', parsed.Errors)}");
            Assert.Equal(spec, parsed.Spec);
            Assert.Equal(text, StudyFile.Write(parsed.Spec!));
            Assert.Empty(StudySpecComparison.FixedPartChanges(spec, parsed.Spec!));
            using var json = JsonDocument.Parse(text);
            Assert.Equal(spec.Name, json.RootElement.GetProperty("name").GetString());
        },
        iter: 500);

    [Fact]
    public void Reading_never_throws() => Gen.String[Gen.Char["abn: {}[],-#'\"\n\t&*!|>%@`?0.1ex~"], 0, 60].Sample(
        text => Assert.NotEmpty(StudyFile.Parse(text, "a.yaml").Errors),
        iter: 3000);

    [Fact]
    public void A_broken_example_never_throws() =>
        Gen.Select(Gen.Int[0, StudyFileTests.Digits.Length - 1], Gen.Int[1, 12], Gen.Char["abn: {}[],-#'\"\n\t&*!|>%@`?0.1ex~"]).Sample(
            (at, count, with) =>
            {
                var text = StudyFileTests.Digits;
                var parsed = StudyFile.Parse($"{text[..at]}{with}{text[Math.Min(text.Length, at + count)..]}", "a.yaml");
                Assert.Equal(parsed.Spec is null, parsed.Errors.Count > 0);
            },
            iter: 2000);

    [Theory]
    [InlineData("objective: { kind: external, metric: latency, direction: maximize }")]
    [InlineData("objectives: [ { kind: external, metric: latency }, { metric: watts } ]\nconstraints: [ 'heat <= 5' ]")]
    [InlineData("objective: { kind: external }\nstopping: { name: asha, min: 2, max: 8 }")]
    [InlineData("objective: { kind: external }\nstopping: median")]
    public void An_external_objective_reads_back_equal(string lines)
    {
        var spec = StudyFile.Parse($"name: a\n{lines}\nparameters: {{ x: {{ type: float, low: 0, high: 1 }} }}\nbudget: {{ trials: 3 }}\n", "a.yaml").SpecOrThrow();

        Assert.Equal(ObjectiveKind.External, spec.Objective.Kind);
        Assert.Equal(spec, StudyFile.Parse(StudyFile.Write(spec), "journal").SpecOrThrow());
    }

    [Fact]
    public void Data_hash_is_kept()
    {
        var spec = StudyFile.Parse(StudyFileTests.Digits, "a.yaml").SpecOrThrow();
        var hashed = spec with { Data = spec.Data! with { Sha256 = new string('a', 64) } };

        Assert.Equal(hashed, StudyFile.Parse(StudyFile.Write(hashed), "journal").Spec);
    }
}
