using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Binds the two files of an IDX pair into one content, so that one hash covers both and a worker fetches one blob.</summary>
/// <remarks>
/// The container is the format's own: the array of the images, then that of the labels, each with its head, which says where it ends. Two gzip
/// files put one behind the other are a gzip file of both, so compressed pairs stay as they are; otherwise both are bound plain.
/// </remarks>
internal static class IdxPair
{
    /// <param name="images">The file of the images, as the study file names it.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="directory">Where it lies.</param>
    /// <param name="read">Reads a file: its path, and its name in messages.</param>
    /// <exception cref="SpecException">The labels are not there; <c>data.source</c>.</exception>
    public static byte[] Bind(string images, byte[] content, string directory, Func<string, string, byte[]> read)
    {
        var name = Path.GetFileName(images);
        var labels = name.Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
        if (labels == name)
        {
            throw SourceText.Fault(
                name.Contains("labels", StringComparison.Ordinal) ? $"'{images}' is the file of the labels" : $"'{images}' is an idx file whose name does not tell where its labels are",
                "Name the file of the images, such as train-images-idx3-ubyte.gz: its labels are in train-labels-idx1-ubyte.gz beside it.");
        }

        var plain = labels.EndsWith(".gz", StringComparison.Ordinal) ? labels[..^3] : labels;
        string[] candidates = [labels, plain, plain + ".gz"];
        var found = candidates.FirstOrDefault(c => File.Exists(Path.Combine(directory, c)))
            ?? throw SourceText.Fault($"the labels of '{images}' are not beside it: there is neither '{plain}' nor '{plain}.gz'", "Put both files of the pair into one folder.");
        return Concat(images, content, found, read(Path.Combine(directory, found), found));
    }

    private static byte[] Concat(string images, byte[] content, string labels, byte[] labelContent) =>
        SourceBytes.IsGzip(content) && SourceBytes.IsGzip(labelContent)
            ? [.. content, .. labelContent]
            : [.. Plain(images, content), .. Plain(labels, labelContent)];

    private static byte[] Plain(string name, byte[] content)
    {
        if (!SourceBytes.IsGzip(content))
        {
            return content;
        }

        try
        {
            using var stream = SourceBytes.Open(content);
            using var plain = new MemoryStream();
            stream.CopyTo(plain);
            return plain.ToArray();
        }
        catch (InvalidDataException error)
        {
            throw SourceText.Explain(name, error)!;
        }
    }
}
