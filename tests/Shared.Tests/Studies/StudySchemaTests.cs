using System.Runtime.CompilerServices;
using System.Text.Json;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

public sealed class StudySchemaTests
{
    /// <summary>TUNING_UPDATE_GOLDEN=1 writes the file anew.</summary>
    [Fact]
    public void Committed_schema_is_the_one_of_the_code()
    {
        var path = SchemaPath();
        if (Environment.GetEnvironmentVariable("TUNING_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, StudySchema.Write());
        }

        Assert.Equal(File.ReadAllText(path), StudySchema.Write());
    }

    [Fact]
    public void Every_setting_is_in_the_schema()
    {
        using var schema = JsonDocument.Parse(StudySchema.Write());
        var properties = schema.RootElement.GetProperty("properties");

        foreach (var setting in ModelSettings.All)
        {
            Assert.True(properties.GetProperty("model").GetProperty("properties").TryGetProperty(setting.Name, out _), setting.Name);
            Assert.True(properties.GetProperty("parameters").GetProperty("properties").TryGetProperty(setting.Name, out _), setting.Name);
        }
    }

    private static string SchemaPath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(RepositoryRoot(here), "docs", "study.schema.json"));

    private static string RepositoryRoot(string here)
    {
        // Deterministic builds may map the source path; the test's own folder is below the repository too.
        foreach (var start in (string[])[Path.GetDirectoryName(here) ?? "", AppContext.BaseDirectory])
        {
            for (var folder = start.Length == 0 ? null : new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "TuningCluster.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new InvalidOperationException("The repository is not above the test.");
    }
}
