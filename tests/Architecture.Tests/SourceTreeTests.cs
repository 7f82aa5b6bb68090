using System.Text.RegularExpressions;

namespace TuningCluster.Architecture.Tests;

public sealed partial class SourceTreeTests
{
    [Fact]
    public void A_namespace_is_the_path_of_its_folder()
    {
        var strays = from file in Repository.Files("*.cs", "src")
                     from Match declaration in NamespaceDeclaration().Matches(Repository.Read(file))
                     let folder = Path.GetDirectoryName(file)!["src/".Length..]
                     where declaration.Groups[1].Value != $"TuningCluster.{folder.Replace('/', '.').Replace('\\', '.')}"
                     select $"{file}: {declaration.Groups[1].Value}";

        Rule.HasNoOffender("A namespace follows its folder.", strays);
    }

    [Fact]
    public void No_file_names_a_path_of_the_machine_it_was_written_on()
    {
        var tracked = Repository.TrackedFiles();
        Assert.SkipWhen(tracked is null, "Needs git and a clone.");

        var found = from file in tracked
                    where File.Exists(Path.Combine(Repository.Root, file))
                    let text = Repository.Read(file)
                    where !text.Contains('\0', StringComparison.Ordinal)
                    from Match path in MachinePath().Matches(text)
                    select $"{file}:{text.AsSpan(0, path.Index).Count('\n') + 1}: {path.Value}";

        Rule.HasNoOffender("No absolute path of a machine.", found);
    }

    [Theory]
    [InlineData("read /wo" + "rk/x", true)]
    [InlineData("\"/ho" + "me/x\"", true)]
    [InlineData("artifacts/wo" + "rk/x", false)]
    [InlineData("https://example.org/ho" + "me/x", false)]
    public void A_machine_path_is_absolute(string text, bool found) => Assert.Equal(found, MachinePath().IsMatch(text));

    [GeneratedRegex(@"^namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    /// <summary>What stands before the first slash makes a path relative, or part of a URL.</summary>
    [GeneratedRegex(@"(?<![\w.~\-})])/(work|root|home)/[^\s""'`]*")]
    private static partial Regex MachinePath();
}
