using System.Xml.Linq;

namespace TuningCluster.Architecture.Tests;

/// <summary>The rules of the build hold for every project.</summary>
public sealed class ProjectFileTests
{
    private static readonly string[] BuildFiles =
    [
        .. Repository.Files("*.csproj", "src", "tests"),
        .. Repository.Files("*.props", "src", "tests"),
        .. Repository.Files("*.targets", "src", "tests"),
        "Directory.Build.props",
    ];

    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = Repository.Read("TuningCluster.sln").Replace('\\', '/');

        Rule.HasNoOffender(
            "Add it with 'dotnet sln add'.",
            Repository.Files("*.csproj", "src", "tests").Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Package_versions_stand_in_one_place()
    {
        var pinned = from file in BuildFiles
                     from package in XDocument.Parse(Repository.Read(file)).Descendants("PackageReference")
                     where new[] { "Version", "VersionOverride" }.Any(n => package.Attribute(n) is not null || package.Element(n) is not null)
                     select $"{file}: {package.Attribute("Include")?.Value}";

        Rule.HasNoOffender("Versions belong into Directory.Packages.props.", pinned);
    }

    [Fact]
    public void Banned_symbols_are_listed_with_what_to_do_instead()
    {
        var lines = Repository.Read("BannedSymbols.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches("^[A-Z]:[^;]+;.+$", line));
    }

    [Fact]
    public void Banned_symbols_break_the_build_of_every_project_in_src()
    {
        var build = XDocument.Parse(Repository.Read("Directory.Build.props"));

        Assert.Contains(build.Descendants("PackageReference"), p => p.Attribute("Include")?.Value == "Microsoft.CodeAnalysis.BannedApiAnalyzers");
        Assert.Contains(build.Descendants("AdditionalFiles"), f => f.Attribute("Include")!.Value.EndsWith("BannedSymbols.txt", StringComparison.Ordinal));
        Assert.Contains(build.Descendants("TreatWarningsAsErrors"), t => t.Value == "true");
    }

    [Fact]
    public void No_folder_of_src_switches_banned_symbols_off()
    {
        string[] silencers = ["RS0030", "BannedApiAnalyzers", "BannedSymbols", "TreatWarningsAsErrors", "RunAnalyzers"];
        var files = Repository.Files("*.csproj", "src")
            .Concat(Repository.Files("Directory.*", "src"))
            .Concat(Repository.Files(".editorconfig", "src"))
            .Concat(Repository.Files("*.globalconfig", "src"));
        var silenced = from file in files
                       from word in silencers
                       where Repository.Read(file).Contains(word, StringComparison.Ordinal)
                       select $"{file}: {word}";

        Rule.HasNoOffender("Banned symbols stay banned.", silenced);
        Assert.DoesNotContain("RS0030", Repository.Read(".editorconfig"), StringComparison.Ordinal);
    }
}
