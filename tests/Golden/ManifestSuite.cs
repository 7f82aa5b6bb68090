using System.Runtime.Serialization;
using CsCheck;
using TuningCluster.Shared.Protocol.Serialization;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Golden;

/// <summary>What every table of manifests promises.</summary>
public abstract class ManifestSuite(ManifestTable table, string goldenFile, IReadOnlyList<object> examples)
{
    private static readonly StudySpec[] Specs =
    [
        StudyFile.Parse(
            """
            { "version": 1, "name": "branin", "objective": { "kind": "function", "name": "branin" },
              "parameters": { "x1": { "type": "float", "low": -5, "high": 10 }, "x2": { "type": "float", "low": 0, "high": 15 } },
              "strategy": { "name": "random", "seed": 42 }, "budget": { "trials": 10 } }
            """,
            "branin.yaml").SpecOrThrow(),
    ];

    [Fact]
    public void Every_type_under_the_bindings_has_exactly_one_manifest()
    {
        var types = table.Bindings
            .SelectMany(binding => binding.Assembly.GetTypes().Where(t => binding.IsAssignableFrom(t) && !t.IsAbstract && !t.IsInterface));
        Assert.Equal(
            types.Select(t => t.FullName).Order(StringComparer.Ordinal),
            table.Manifests.Select(m => m.Type.FullName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Manifests_are_short_and_lower_case() =>
        Assert.All(table.Manifests, m => Assert.Matches("^[a-z]:[a-z-]{1,20}$", m.Name));

    [Fact]
    public void Every_manifest_has_an_example() =>
        Assert.Equal(table.Manifests.Select(m => m.Name).Order(StringComparer.Ordinal), examples.Select(table.NameOf).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Golden_bytes_are_read_as_they_were_meant()
    {
        var lines = GoldenFile.Read(goldenFile, table, examples);
        Assert.Equal(
            examples.Select(Shape.Of),
            lines.Select(line => Shape.Of(table.Read(line.Manifest, Convert.FromHexString(line.Bytes)))));
    }

    [Fact]
    public void Golden_bytes_are_what_is_written()
    {
        var lines = GoldenFile.Read(goldenFile, table, examples);
        Assert.Equal(lines, examples.Select(e => new GoldenFile.Line(table.NameOf(e), Convert.ToHexStringLower(table.Write(e)))));
    }

    [Fact]
    public void Any_value_survives_to_the_bit() => Gen.Int.Sample(
        seed =>
        {
            var arbitrary = new Arbitrary(seed, Specs);
            foreach (var manifest in table.Manifests)
            {
                var value = arbitrary.Create(manifest.Type);
                Assert.Equal(Shape.Of(value), Shape.Of(table.Read(table.NameOf(value), table.Write(value))));
            }
        },
        iter: 200);

    [Fact]
    public void Bytes_cut_short_or_garbled_are_refused_or_read_but_never_crash_otherwise() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var example = examples[random.Next(examples.Count)];
            var bytes = table.Write(example);
            if (bytes.Length == 0)
            {
                return;
            }

            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                table.Read(table.NameOf(example), bytes[..random.Next(1, bytes.Length + 1)]);
            }
            catch (Exception refused) when (refused is SerializationException or SpecException)
            {
            }
        },
        iter: 1000);

    [Fact]
    public void An_unknown_manifest_is_refused_by_name()
    {
        var refused = Assert.Throws<UnknownManifestException>(() => table.Read("w:from-the-future", []));
        Assert.Contains("'w:from-the-future'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer program", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_without_a_manifest_is_refused()
    {
        var refused = Assert.Throws<SerializationException>(() => table.Write("any object"));
        Assert.Contains("System.String", refused.Message, StringComparison.Ordinal);
    }
}
