using System.Runtime.CompilerServices;
using System.Text.Json;
using TuningCluster.Shared.Protocol.Serialization;

namespace TuningCluster.Golden;

/// <summary>The bytes a release wrote, one line an example. Set <c>TUNING_UPDATE_GOLDEN=1</c> to add what is new; never change a released line.</summary>
internal static class GoldenFile
{
    public sealed record Line(string Manifest, string Bytes);

    public static IReadOnlyList<Line> Read(string name, ManifestTable table, IReadOnlyList<object> examples)
    {
        var path = Path.Combine(Folder(), name);
        if (Environment.GetEnvironmentVariable("TUNING_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllLines(path, examples.Select(e => JsonSerializer.Serialize(
                new Line(table.NameOf(e), Convert.ToHexStringLower(table.Write(e))), JsonSerializerOptions.Web)));
        }

        return [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<Line>(line, JsonSerializerOptions.Web)!)];
    }

    private static string Folder([CallerFilePath] string self = "")
    {
        // A deterministic build maps source paths away; then the tests' own folder leads there.
        if (File.Exists(self))
        {
            return Path.GetDirectoryName(self)!;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "TuningCluster.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Not inside the repository.");
        }

        return Path.Combine(folder.FullName, "tests", "Golden");
    }
}
