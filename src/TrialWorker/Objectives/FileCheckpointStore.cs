using System.Globalization;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>One file a trial, in a folder a study. A process that dies while writing leaves the checkpoint before.</summary>
/// <param name="folder">Comes into being with the first checkpoint.</param>
public sealed class FileCheckpointStore(string folder) : ICheckpointStore
{
    /// <summary>The checkpoints of the store whose blobs are in a folder: in its neighbour <c>checkpoints</c>.</summary>
    public static FileCheckpointStore Beside(string blobs) =>
        new(Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(blobs)))!, "checkpoints"));

    /// <inheritdoc/>
    public byte[]? Find(string study, int number)
    {
        try
        {
            return File.ReadAllBytes(PathOf(study, number));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Keep(string study, int number, byte[] checkpoint)
    {
        var path = PathOf(study, number);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".new";
        using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            stream.Write(checkpoint);
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Remove(string study, int number)
    {
        try
        {
            File.Delete(PathOf(study, number));
            Directory.Delete(Path.Combine(folder, study));
        }
        catch (IOException)
        {
            // No such folder, or checkpoints of other trials are in it: nothing to do.
        }
    }

    private string PathOf(string study, int number) =>
        Path.Combine(folder, study, number.ToString(CultureInfo.InvariantCulture) + ".checkpoint");
}
