using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace TuningCluster.Cluster.Tests.Deploying;

/// <summary>The services of a compose file as <c>podman run</c> takes them: with their limits, their volumes and their commands.</summary>
internal sealed class Compose
{
    private readonly Dictionary<string, object> _services;
    private readonly Podman _podman;
    private readonly string _secrets;
    private readonly string _home;

    /// <param name="file">The compose file.</param>
    /// <param name="secrets">Folder with one file a secret.</param>
    /// <param name="home">Stands for the folder of the file.</param>
    public Compose(string file, Podman podman, string secrets, string home)
    {
        (_podman, _secrets, _home) = (podman, secrets, home);
        using var reader = File.OpenText(file);
        var root = new DeserializerBuilder().WithDuplicateKeyChecking().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(reader)));
        _services = ((Dictionary<object, object>)root["services"]).ToDictionary(pair => (string)pair.Key, pair => pair.Value);
    }

    /// <summary>Options, image and command of a service.</summary>
    /// <param name="command">Instead of its own.</param>
    public IReadOnlyList<string> Arguments(string service, params IReadOnlyList<string> command)
    {
        var settings = (Dictionary<object, object>)_services[service];
        var arguments = new List<string>();
        foreach (var (key, value) in settings)
        {
            arguments.AddRange((string)key switch
            {
                "read_only" => [$"--read-only={value}"],
                "cap_drop" => Each("--cap-drop"),
                "security_opt" => List(value).SelectMany(option => (string[])["--security-opt", option.Replace(":true", "", StringComparison.Ordinal)]),
                "tmpfs" => Each("--tmpfs"),
                "mem_limit" => ["--memory", (string)value],
                "cpus" => ["--cpus", (string)value],
                "environment" => ((Dictionary<object, object>)value).SelectMany(pair => (string[])["--env", $"{pair.Key}={pair.Value}"]),
                "secrets" => List(value).SelectMany(secret => (string[])["--volume", $"{Path.Combine(_secrets, secret)}:/run/secrets/{secret}:ro"]),
                "volumes" => List(value).SelectMany(volume => (string[])["--volume", Place(volume)]),
                "entrypoint" => ["--entrypoint", System.Text.Json.JsonSerializer.Serialize(List(value).Select(Plain))],
                // About other services, the host, or the life of all of them: the test's own affair.
                "image" or "command" or "build" or "depends_on" or "healthcheck" or "ports" or "restart" or "profiles" or "deploy" or "stop_grace_period" => [],
                _ => throw new NotSupportedException($"The test knows nothing of '{key}' in service '{service}'."),
            });

            IEnumerable<string> Each(string option) => List(value).SelectMany(item => (string[])[option, item]);
        }

        return [.. arguments, $"localhost/{settings["image"]}", .. command.Count > 0 ? command : settings.TryGetValue("command", out var own) ? List(own).Select(Plain) : []];
    }

    private string Place(string volume) => volume.Split(':') switch
    {
        ["data", .. var rest] => string.Join(':', rest.Prepend(_podman.Volume("data"))),
        [".", .. var rest] => string.Join(':', rest.Prepend(_home)),
        _ => volume,
    };

    /// <summary>Compose reads <c>$$</c> as <c>$</c>.</summary>
    private static string Plain(string text) => text.Replace("$$", "$", StringComparison.Ordinal);

    private static IEnumerable<string> List(object value) => ((List<object>)value).Select(item => (string)item);
}
