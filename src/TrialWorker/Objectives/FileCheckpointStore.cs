using System.Globalization;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>One file a trial, in a folder a study; another for what it left. A process that dies while writing leaves the checkpoint before.</summary>
/// <param name="folder">Comes into being with the first checkpoint.</param>
public sealed class FileCheckpointStore(string folder) : ICheckpointStore
{
    private const string Left = ".left";

    /// <summary>The checkpoints of the store whose blobs are in a folder: in its neighbour <c>checkpoints</c>.</summary>
    public static FileCheckpointStore Beside(string blobs) =>
        new(Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(blobs)))!, "checkpoints"));

    /// <inheritdoc/>
    public byte[]? Find(string study, int number) => Read(PathOf(study, number));

    /// <inheritdoc/>
    public byte[]? FindLeft(string study, int number) => Read(PathOf(study, number, Left));

    /// <inheritdoc/>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Keep(string study, int number, byte[] checkpoint) => Write(PathOf(study, number), checkpoint);

    /// <inheritdoc/>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Leave(string study, int number, byte[] state) => Write(PathOf(study, number, Left), state);

    /// <summary>Whoever finds checkpoints of other workers shares the folder with them.</summary>
    public void Share(string study, int number)
    {
    }

    /// <inheritdoc/>
    public void SweepLeft(string study, int below)
    {
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, study), "*" + Left))
            {
                if (int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < below)
                {
                    File.Delete(file);
                }
            }

            Directory.Delete(Path.Combine(folder, study));
        }
        catch (IOException)
        {
            // No such folder, others in it, or a neighbour that sweeps it too: nothing to do.
        }
    }

    private static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Write(string path, byte[] checkpoint)
    {
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

    private string PathOf(string study, int number, string kind = ".checkpoint") =>
        Path.Combine(folder, study, number.ToString(CultureInfo.InvariantCulture) + kind);
}
