using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Tests.Search.Random;

public sealed class RandomSamplerTests : SamplerContract
{
    protected override ISampler Create(SearchSpace space) => new RandomSampler();

    [Fact]
    public void Has_no_end_and_does_not_learn()
    {
        Assert.Null(new RandomSampler().Size);
        Assert.False(new RandomSampler().Learns);
    }

    /// <summary>10 bins, 20,000 draws, fixed seed: χ² with 9 degrees of freedom is below 28 with probability 0.999.</summary>
    [Theory]
    [InlineData("float")]
    [InlineData("log")]
    [InlineData("step")]
    [InlineData("int")]
    [InlineData("category")]
    public void Draws_evenly(string kind)
    {
        (Parameter parameter, Func<ParameterValue, int> bin) = kind switch
        {
            "float" => ((Parameter)new FloatParameter("x", -5, 5, false, null, null, []), (Func<ParameterValue, int>)(v => (int)(v.AsDouble() + 5))),
            "log" => (new FloatParameter("x", 1e-5, 1e5, true, null, null, []), v => (int)(Math.Log10(v.AsDouble()) + 5)),
            "step" => (new FloatParameter("x", 0, 0.9, false, 0.1, null, []), v => (int)Math.Round(v.AsDouble() * 10)),
            "int" => (new IntParameter("x", 0, 27, false, 3, null, []), v => (int)v.AsInt() / 3),
            _ => (new CategoricalParameter("x", [.. Enumerable.Range(0, 10).Select(i => ParameterValue.Int(i))], []), v => (int)v.AsInt()),
        };
        var counts = new int[10];
        foreach (var values in Draws(parameter, 20_000))
        {
            counts[Math.Clamp(bin(values), 0, 9)]++;
        }

        Assert.InRange(counts.Sum(c => (c - 2000.0) * (c - 2000.0) / 2000), 1, 28);
    }

    [Fact]
    public void Whole_numbers_in_log_space_are_as_likely_as_their_share_of_it()
    {
        var counts = new int[5];
        foreach (var value in Draws(new IntParameter("x", 1, 4, true, 1, null, []), 20_000))
        {
            counts[value.AsInt()]++;
        }

        for (var k = 1; k <= 4; k++)
        {
            var share = Math.Log((k + 0.5) / (k - 0.5)) / Math.Log(4.5 / 0.5);
            Assert.InRange(counts[k] / 20_000.0, share - 0.02, share + 0.02);
        }
    }

    [Fact]
    public void Both_ends_are_reached_by_extreme_words()
    {
        Parameter[] parameters =
        [
            new FloatParameter("x", -1e300, 1e300 / 2, false, null, null, []), new FloatParameter("x", 1e-300, 1e300, true, null, null, []),
            new FloatParameter("x", 0, 1, false, 0.3, null, []), new IntParameter("x", -5, 5, false, 2, null, []),
            new IntParameter("x", 1, 1L << 53, true, 1, null, []), new CategoricalParameter("x", [ParameterValue.Int(1), ParameterValue.Int(2)], []),
        ];
        foreach (var parameter in parameters)
        {
            Assert.True(parameter.Contains(ParameterDraw.From(parameter, 0)));
            Assert.True(parameter.Contains(ParameterDraw.From(parameter, ulong.MaxValue)));
        }
    }

    [Fact]
    public void A_condition_shifts_no_other_draw()
    {
        Parameter parent = new CategoricalParameter("parent", [ParameterValue.Int(0), ParameterValue.Int(1)], []);
        Parameter last = new FloatParameter("last", 0, 1, false, null, null, []);
        var child = new FloatParameter("child", 0, 1, false, null, null, [new Condition("parent", [ParameterValue.Int(1)])]);

        var with = Suggestions(new RandomSampler(), new SearchSpace([parent, child, last]), 50);
        var without = Suggestions(new RandomSampler(), new SearchSpace([parent, child with { When = [] }, last]), 50);

        Assert.Equal(without.Select(p => p["last"]), with.Select(p => p["last"]));
    }

    /// <summary>Journals of this release hold these values: another stream needs another <see cref="ISampler.Version"/>.</summary>
    [Fact]
    public void Draws_of_a_seed_never_change() => Assert.Equal(
        [
            "learning_rate=0.0042306921641 weight_decay=0.306458378614 layers=1 width=91 optimizer=adam single=7",
            "learning_rate=0.0032565569035 weight_decay=-0.378273821151 layers=5 width=24 optimizer=adam single=7",
            "momentum=0.3 learning_rate=0.000896231515859 weight_decay=-0.773970891062 layers=1 width=155 optimizer=sgd nesterov=false single=7",
        ],
        Suggestions(new RandomSampler(), Mixed, 3).Select(p => string.Join(' ', p.Select(v => $"{v.Key}={Spell(v.Value)}"))));

    /// <summary>Twelve digits: logarithms may differ in the last between platforms.</summary>
    private static string Spell(ParameterValue value) =>
        value.Kind == ParameterValueKind.Float ? value.AsDouble().ToString("G12", System.Globalization.CultureInfo.InvariantCulture) : value.ToString();

    private static IEnumerable<ParameterValue> Draws(Parameter parameter, int count)
    {
        var rng = Shared.Randomness.Rng.For(3, 0, "test");
        for (var i = 0; i < count; i++)
        {
            yield return ParameterDraw.From(parameter, rng.NextBits());
        }
    }
}
