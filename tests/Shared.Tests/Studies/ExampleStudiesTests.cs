using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

public sealed class ExampleStudiesTests
{
    [Fact]
    public void Every_example_is_a_sound_study()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "TuningCluster.sln")))
        {
            folder = folder.Parent!;
        }

        var files = Directory.GetFiles(Path.Combine(folder.FullName, "examples"), "*.yaml");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var text = File.ReadAllText(file);
            var parsed = StudyFile.Parse(text, Path.GetFileName(file));
            Assert.True(parsed.Errors.Count == 0, string.Join('\n', SpecErrorText.Render(parsed.Errors, parsed.FileName, text)));
        }
    }
}
