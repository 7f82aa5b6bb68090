using TuningCluster.Shared.Models;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using YamlDotNet.RepresentationModel;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class StudyFileTemplateTests
{
    private static readonly string Digits = Path.Combine(DataFiles.Examples(), "data", "digits.csv.gz");

    [Fact]
    public void Writes_fifty_random_trials_over_the_data()
    {
        var root = Parse(Write("digits", "data/digits.csv.gz", Digits, "label", LearningTask.Classification));
        Assert.Equal(["version", "name", "data", "objective", "model", "parameters", "strategy", "budget", "parallel"], Keys(root));
        Assert.Equal("digits", Text(root["name"]));
        Assert.Equal("data/digits.csv.gz", Text(root["data"]["source"]));
        Assert.Equal("label", Text(root["data"]["target"]));
        Assert.Equal("classification", Text(root["data"]["task"]));
        Assert.Equal("true", Text(root["data"]["split"]["stratify"]));
        Assert.Equal("cross_entropy", Text(root["model"]["loss"]));
        Assert.Equal("random", Text(root["strategy"]["name"]));
        Assert.Equal("50", Text(root["budget"]["trials"]));
    }

    [Fact]
    public void Regression_is_not_stratified_and_has_its_own_loss()
    {
        var root = Parse(Write("d", "diabetes.csv", Path.Combine(DataFiles.Examples(), "data", "diabetes.csv"), "progression", LearningTask.Regression));
        Assert.Equal("regression", Text(root["data"]["task"]));
        Assert.DoesNotContain("stratify", Keys(root["data"]["split"]));
        Assert.Equal("mse", Text(root["model"]["loss"]));
    }

    [Fact]
    public void Names_only_settings_of_this_release_within_their_ranges()
    {
        var root = Parse(Write("digits", "d.csv", Digits, "label", LearningTask.Classification));
        foreach (var name in Keys(root["model"]).Concat(Keys(root["parameters"])))
        {
            Assert.NotNull(ModelSettings.Find(name));
        }

        foreach (var (name, parameter) in ((YamlMappingNode)root["parameters"]).Select(p => (Text(p.Key), p.Value)))
        {
            var choices = Text(parameter["type"]) == "categorical" ? (YamlSequenceNode)parameter["choices"] : [];
            Assert.All(choices, c => Assert.True(ModelSettings.Find(name)!.Choices is [] || ModelSettings.Find(name)!.Choices.Contains(Text(c))));
        }
    }

    [Theory]
    [InlineData("my data\\a b.csv", "my data/a b.csv")]
    [InlineData("über: \"x\".csv", "über: \"x\".csv")]
    [InlineData("#1.csv", "#1.csv")]
    public void Quotes_names_that_yaml_would_misread(string source, string read) =>
        Assert.Equal(read, Text(Parse(Write("n", source, Digits, "label", LearningTask.Classification))["data"]["source"]));

    [Theory]
    [InlineData("true")]
    [InlineData("12")]
    [InlineData("a: b")]
    [InlineData("- x")]
    [InlineData("tab\there")]
    public void A_target_of_any_name_stays_itself(string target)
    {
        var summary = new Shared.Data.DataSummary("d.csv", "", 5, [new(target, Shared.Data.ColumnKind.Categorical, 0, 3, ["a", "b", "c"])], 0);
        var node = Parse(StudyFileTemplate.Write("n", "d.csv", target, summary, LearningTask.Classification))["data"];
        Assert.Equal(target, Text(node["target"]));
        Assert.Equal(YamlDotNet.Core.ScalarStyle.DoubleQuoted, ((YamlScalarNode)node["target"]).Style);
        Assert.Equal("false", Text(node["split"]["stratify"]));
    }

    [Fact]
    public void Refuses_a_target_that_is_no_column() =>
        Assert.Throws<ArgumentException>(() => Write("n", "d.csv", Digits, "lable", LearningTask.Classification));

    private static string Write(string name, string source, string path, string target, LearningTask task) =>
        StudyFileTemplate.Write(name, source, target, new DataInspector().Summarize(path), task);

    private static YamlNode Parse(string text)
    {
        Assert.DoesNotContain('\r', text);
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents[0].RootNode;
    }

    private static IEnumerable<string> Keys(YamlNode node) => ((YamlMappingNode)node).Children.Keys.Select(Text);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
