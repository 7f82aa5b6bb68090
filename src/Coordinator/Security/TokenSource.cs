using TuningCluster.Shared.Hosting;

namespace TuningCluster.Coordinator.Security;

/// <summary>Where the API's token comes from: a file, or the environment. Never the command line, which everybody on the machine reads.</summary>
public static class TokenSource
{
    /// <param name="file">As given with <c>--token-file</c>; null when it was not.</param>
    /// <param name="settings">Told what else was.</param>
    /// <param name="directory">Where relative paths begin.</param>
    /// <param name="faults">Gets every fault, as "what: why. What to type instead".</param>
    /// <returns>The secret; null when there is none, or a fault.</returns>
    public static string? Read(string? file, NodeSettings settings, string directory, ICollection<string> faults)
    {
        var source = file is null ? settings.Source("TokenFile") : "--token-file";
        string secret;
        if ((file ?? settings.Text("TokenFile")) is { } path)
        {
            try
            {
                secret = File.ReadAllText(Path.GetFullPath(path, directory)).Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                faults.Add($"{source}: {e.Message.TrimEnd('.')}. Name a file that holds the token alone; 'tuning certs create' makes one.");
                return null;
            }
        }
        else if (settings.Text("Token") is { } told)
        {
            (source, secret) = (settings.Source("Token"), told.Trim());
        }
        else
        {
            return null;
        }

        if (ApiToken.Fault(secret) is not { } fault)
        {
            return secret;
        }

        faults.Add($"{source}: {fault}. 'tuning certs create' makes one.");
        return null;
    }
}
