using System.Globalization;
using Microsoft.Extensions.Configuration;
using TuningCluster.Shared.Text;

namespace TuningCluster.Shared.Hosting;

/// <summary>What a node was told elsewhere than on its command line: <c>TUNING__Name</c> in the environment, else "Tuning" in <c>appsettings.json</c> of its folder.</summary>
/// <remarks>Options win over both. Lists are written with commas.</remarks>
public sealed class NodeSettings
{
    private const string File = "appsettings.json";
    private const string Section = "Tuning";
    private const string Prefix = "TUNING__";

    /// <summary>Those of every executable: one environment may serve them all.</summary>
    private static readonly string[] Known =
    [
        "AllowAnonymous", "Blobs", "Cache", "Certs", "Hostname", "Http", "Name", "Port", "SeedNodes", "Slots", "Storage", "Token", "TokenFile",
    ];

    /// <summary>What is needed before any file is read, and by verbs that read none.</summary>
    private static readonly string[] OfTheEnvironment = ["BlobQuota", "LogLevel", "StoragePassword", "StoragePasswordFile"];

    private readonly IConfiguration _file;
    private readonly IConfiguration _environment;
    private readonly List<string> _faults = [];

    private NodeSettings(IConfiguration file, IConfiguration environment) => (_file, _environment) = (file, environment);

    /// <summary>All there are.</summary>
    public static IReadOnlyList<string> Names => [.. Known, .. OfTheEnvironment];

    /// <summary>Every fault found so far, as "what: why. What to type instead".</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <param name="directory">Where the node was started.</param>
    public static NodeSettings Read(string directory)
    {
        var path = Path.Combine(directory, File);
        string? unreadable = null;
        IConfiguration file;
        try
        {
            // As a stream: nobody watches a file that is read once.
            using var stream = System.IO.File.Exists(path) ? System.IO.File.OpenRead(path) : Stream.Null;
            file = stream == Stream.Null ? new ConfigurationBuilder().Build() : new ConfigurationBuilder().AddJsonStream(stream).Build();
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or IOException or UnauthorizedAccessException)
        {
            (file, unreadable) = (new ConfigurationBuilder().Build(), e.InnerException?.Message ?? e.Message);
        }

        var settings = new NodeSettings(file.GetSection(Section), new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build());
        if (unreadable is not null)
        {
            settings._faults.Add($"{path}: it cannot be read: {unreadable.TrimEnd('.')}. Mend it, or remove it.");
        }

        settings.RefuseUnknown();
        return settings;
    }

    /// <summary>Null when it was not told; an empty one was not.</summary>
    public string? Text(string name) => _environment[name] is { Length: > 0 } there ? there : _file[name] is { Length: > 0 } here ? here : null;

    public int? Int(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        _faults.Add($"{Source(name)}: '{text}' is no whole number.");
        return null;
    }

    public bool? Flag(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        _faults.Add($"{Source(name)}: '{text}' is not true or false.");
        return null;
    }

    /// <summary>Comma-separated, or a list in the file; null when it was not told.</summary>
    public IReadOnlyList<string>? List(string name) =>
        Text(name) is { } text ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : Items(_environment, name) ?? Items(_file, name);

    /// <summary>A fault of an option, as one of the setting that stood for it.</summary>
    /// <param name="fault">Begins with the option's name and a colon.</param>
    /// <param name="option">E.g. <c>--seed-node</c>.</param>
    /// <param name="name">E.g. <c>SeedNodes</c>.</param>
    /// <param name="isGiven">Whether the option stood on the command line: the fault is its own then.</param>
    public string Told(string fault, string option, string name, bool isGiven) =>
        !isGiven && List(name) is not null && fault.StartsWith($"{option}:", StringComparison.Ordinal) ? Source(name) + fault[option.Length..] : fault;

    /// <summary>Where a setting was told.</summary>
    public string Source(string name) => _environment.GetSection(name).Exists() ? $"{Prefix}{name}" : $"{File} {Section}:{name}";

    private static string[]? Items(IConfiguration from, string name) =>
        from.GetSection(name).GetChildren().Select(item => item.Value).OfType<string>().ToArray() is { Length: > 0 } items ? items : null;

    private void RefuseUnknown()
    {
        foreach (var (from, where, known) in (ReadOnlySpan<(IConfiguration, string, string[])>)[(_environment, Prefix, [.. Known, .. OfTheEnvironment]), (_file, $"{File} {Section}:", Known)])
        {
            foreach (var name in from.GetChildren().Select(child => child.Key).Where(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)))
            {
                _faults.Add(
                    OfTheEnvironment.Contains(name, StringComparer.OrdinalIgnoreCase) ? $"{where}{name}: it is one of the environment. Set {Prefix}{name}."
                    : $"{where}{name}: there is no such setting. {(NearestName.Find(name, known) is { } near ? $"Did you mean {where}{near}?" : $"There are {string.Join(", ", known)}.")}");
            }
        }
    }
}
