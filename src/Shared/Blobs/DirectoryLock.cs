namespace TuningCluster.Shared.Blobs;

/// <summary>Holds a directory against the other threads and processes of this machine; a process that dies lets go.</summary>
internal static class DirectoryLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits for the lock file and opens it alone; disposing lets go.</summary>
    /// <param name="directory">Exists.</param>
    /// <exception cref="IOException">Others held it for half a minute, or the directory cannot be written.</exception>
    public static FileStream Take(string directory)
    {
        var path = Path.Combine(directory, "lock");
        var start = TimeProvider.System.GetTimestamp();
        using var never = new ManualResetEventSlim();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (File.Exists(path) && TimeProvider.System.GetElapsedTime(start) < Patience)
            {
                // There is no event to await for another process's lock.
                never.Wait(Pause);
            }
        }
    }
}
