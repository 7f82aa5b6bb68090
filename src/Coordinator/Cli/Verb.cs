using System.CommandLine;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Text;

namespace TuningCluster.Coordinator.Cli;

/// <summary>What several verbs have in common.</summary>
internal static class Verb
{
    public const string StorageHelp = "The store: sqlite:PATH or postgres://USER@HOST/DATABASE. Default: TUNING__Storage, else .tuning in the working directory.";

    public static Argument<string> StudyName() => new("NAME") { Description = "The study's name; 'tuning studies' lists them." };

    public static Option<string?> Storage() => new("--storage") { HelpName = "URL", Description = StorageHelp };

    public static Option<string?> To() => new("--to") { HelpName = "URL", Description = "A coordinator, e.g. http://127.0.0.1:8080, instead of a store." };

    /// <summary>Of verbs that need a coordinator.</summary>
    public static Option<string?> Coordinator()
    {
        var to = To();
        to.Required = true;
        return to;
    }

    /// <summary>The coordinator when one is named, else the store.</summary>
    /// <exception cref="UsageException">Both are named.</exception>
    public static IStudyGateway Open(CliServices services, string? storage, string? to) =>
        to is null ? services.OpenStore(storage)
        : storage is null ? services.OpenCluster(to)
        : throw new UsageException("--storage and --to name two places", "leave one of them out: --to for a coordinator, --storage for a store nobody else writes.");

    public static Option<OutputFormat> Output() => new("--output", "-o")
    {
        HelpName = "table|json|yaml|csv",
        Description = "How the data is printed. Default: table.",
        CustomParser = result =>
        {
            var word = result.Tokens[0].Value;
            var names = Enum.GetNames<OutputFormat>().Select(n => n.ToLowerInvariant()).ToList();
            var index = names.IndexOf(word);
            if (index < 0)
            {
                var near = NearestName.Find(word, names);
                result.AddError($"'{word}' is no output format: {string.Join(", ", names)}.{(near is null ? "" : $" Did you mean '{near}'?")}");
            }

            return index < 0 ? OutputFormat.Table : (OutputFormat)index;
        },
    };

    /// <summary>The exception for a name that no study bears.</summary>
    public static async Task<UsageException> Unknown(string name, IStudyGateway gateway, CancellationToken cancel)
    {
        var names = (await gateway.Studies(cancel).ConfigureAwait(false)).Select(s => s.Name).ToList();
        var hint = NearestName.Find(name, names) is { } near ? $"did you mean '{near}'? 'tuning studies' lists them all."
            : names.Count == 0 ? "the store holds no studies; 'tuning run FILE' makes one, and --storage names another store."
            : "'tuning studies' lists those there are.";
        return new UsageException($"there is no study '{name}'", hint);
    }
}
