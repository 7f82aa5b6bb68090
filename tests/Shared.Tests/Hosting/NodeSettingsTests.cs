using TuningCluster.Shared.Hosting;

namespace TuningCluster.Shared.Tests.Hosting;

/// <summary>The only tests that look into the environment, which is the whole process's.</summary>
public sealed class NodeSettingsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("tuning-settings-").FullName;
    private readonly List<string> _set = [];

    public void Dispose()
    {
        _set.ForEach(name => Environment.SetEnvironmentVariable(name, null));
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void Nothing_told_is_nothing()
    {
        var settings = NodeSettings.Read(_root);

        Assert.Empty(settings.Faults);
        Assert.Equal((null, null, null, null), (settings.Text("Hostname"), settings.Int("Port"), settings.Flag("AllowAnonymous"), settings.List("SeedNodes")));
    }

    [Fact]
    public void The_environment_wins_over_the_file()
    {
        File("""{ "Logging": {}, "Tuning": { "Hostname": "file", "Port": 1, "SeedNodes": ["a:1", "b:2"], "AllowAnonymous": true } }""");
        Set("TUNING__Port", "2");
        Set("TUNING__Hostname", "");
        var settings = NodeSettings.Read(_root);

        Assert.Equal(("file", 2, true), (settings.Text("Hostname"), settings.Int("Port"), settings.Flag("AllowAnonymous")));
        Assert.Equal(["a:1", "b:2"], settings.List("SeedNodes"));
        Set("TUNING__SeedNodes", "c:3, d:4");
        Assert.Equal(["c:3", "d:4"], NodeSettings.Read(_root).List("SeedNodes"));
        Assert.Empty(settings.Faults);
    }

    [Fact]
    public void Every_fault_is_told_with_its_place()
    {
        File("""{ "Tuning": { "Hostnme": "x", "AllowAnonymous": "perhaps", "LogLevel": "Debug" } }""");
        Set("TUNING__Sloths", "2");
        Set("TUNING__Port", "many");
        var settings = NodeSettings.Read(_root);
        Assert.Null(settings.Int("Port"));
        Assert.Null(settings.Flag("AllowAnonymous"));

        Assert.Equal(
            [
                "TUNING__Sloths: there is no such setting. Did you mean TUNING__Slots?",
                "appsettings.json Tuning:Hostnme: there is no such setting. Did you mean appsettings.json Tuning:Hostname?",
                "appsettings.json Tuning:LogLevel: it is one of the environment. Set TUNING__LogLevel.",
                "TUNING__Port: 'many' is no whole number.",
                "appsettings.json Tuning:AllowAnonymous: 'perhaps' is not true or false.",
            ],
            settings.Faults);
    }

    [Fact]
    public void A_file_that_is_no_JSON_is_told()
    {
        File("{ Tuning");

        Assert.StartsWith($"{Path.Combine(_root, "appsettings.json")}: it cannot be read: ", Assert.Single(NodeSettings.Read(_root).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_an_option_names_the_setting_it_came_from()
    {
        Set("TUNING__Slots", "0");
        var settings = NodeSettings.Read(_root);
        const string Fault = "--slots: 0 is less than 1.";

        Assert.Equal("TUNING__Slots: 0 is less than 1.", settings.Told(Fault, "--slots", "Slots", isGiven: false));
        Assert.Equal(Fault, settings.Told(Fault, "--slots", "Slots", isGiven: true));
        Assert.Equal(Fault, settings.Told(Fault, "--port", "Port", isGiven: false));
    }

    private void File(string text) => System.IO.File.WriteAllText(Path.Combine(_root, "appsettings.json"), text);

    private void Set(string name, string value)
    {
        _set.Add(name);
        Environment.SetEnvironmentVariable(name, value);
    }
}
