namespace TuningCluster.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(ISuite Suite, bool Json, bool Quick)
{
    /// <exception cref="UsageException">Something is wrong; the message is for the user.</exception>
    public static Arguments Parse(IReadOnlyList<string> words)
    {
        string? name = null;
        var (json, quick) = (false, false);
        for (var i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "--quick":
                    quick = true;
                    break;
                case "-o" or "--output":
                    json = (++i < words.Count ? words[i] : "") switch
                    {
                        "json" => true,
                        "table" => false,
                        _ => throw new UsageException("-o takes table or json."),
                    };
                    break;
                case var word when word.StartsWith('-') || name is not null:
                    throw new UsageException($"Unexpected '{word}'.");
                case var word:
                    name = word;
                    break;
            }
        }

        var suite = Suites.All.FirstOrDefault(s => s.Name == name)
            ?? throw new UsageException(name is null ? "Which suite?" : $"There is no suite '{name}'.");
        return new Arguments(suite, json, quick);
    }
}

internal sealed class UsageException(string message) : Exception(message);
