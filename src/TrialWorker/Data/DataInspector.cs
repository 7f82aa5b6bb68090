using System.Globalization;
using System.Security.Cryptography;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Text;

namespace TuningCluster.TrialWorker.Data;

/// <inheritdoc />
public sealed class DataInspector : IDataInspector
{
    public DataSummary Summarize(string path)
    {
        var content = ReadSource(path, path);
        var table = SourceTable.Read(path, content, [], new MemoryRoom(MemoryRoom.Available - content.Length));
        return new DataSummary(
            path,
            Hash(content),
            table.Rows,
            [.. table.Columns.Select(c => new ColumnSummary(c.Name, c.Kind, c.Missing, c.Distinct, c.Categories))],
            table.Bytes);
    }

    public ResolvedData Resolve(DataSpec spec, string path) => Resolve(spec, ReadSource(path, spec.Source));

    public ResolvedData Resolve(DataSpec spec, byte[] content)
    {
        var faults = new DataFaults();
        var hash = Hash(content);
        var loaded = faults.Try(() => DataSetLoader.Load(spec, content));
        if (spec.Sha256 is { } given && given != hash)
        {
            faults.Add(new SpecError("data.sha256", $"the contents of '{spec.Source}' have another hash: {hash}", "Get the file the study was written for, or leave the hash out."));
        }

        faults.ThrowAny();
        var study = loaded!;
        var data = study.Folds[0];

        // Stratify is on unless a file says otherwise; a task inferred just now may have nothing to stratify by.
        var split = spec.Split with { Stratify = spec.Split.Stratify && data.Task == LearningTask.Classification };
        return new ResolvedData(
            spec with { Sha256 = hash, Targets = data.TargetNames, Task = data.Task, Split = split },
            content,
            study.SourceRows,
            data.InputWidth,
            data.Embedded.Count,
            data.OutputWidth,
            study.Bytes,
            [.. study.Folds.SelectMany(f => f.Notes).Distinct()]);
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The file's bytes; for the images of an idx pair those of the pair.</summary>
    private static byte[] ReadSource(string path, string source)
    {
        var content = ReadFile(path, source);
        return IdxHeader.IsIdx(SourceBytes.Head(content)) ? IdxPair.Bind(source, content, Path.GetDirectoryName(Path.GetFullPath(path))!, ReadFile) : content;
    }

    private static byte[] ReadFile(string path, string source)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: var length } && length > Array.MaxLength)
            {
                throw SourceText.Fault(
                    string.Create(CultureInfo.InvariantCulture, $"'{source}' has {length:N0} bytes, and a file may have {Array.MaxLength:N0}"),
                    "Compress it with gzip, or write it as parquet.");
            }

            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SourceText.Fault(
                source == path ? $"there is no file '{path}'" : $"there is no file '{source}' (looked for {path})",
                Nearest(path, source) is { } near ? $"Did you mean '{near}'?" : "The path is relative to the study file.");
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw SourceText.Fault($"'{source}' is a directory, not a file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SourceText.Fault($"'{source}' cannot be read: {error.Message}");
        }
    }

    // The file of the same directory whose name is nearest, spelled with the directory as the user wrote it.
    private static string? Nearest(string path, string source)
    {
        try
        {
            var directory = Path.GetDirectoryName(Path.GetFullPath(path));
            var names = Directory.Exists(directory) ? Directory.EnumerateFiles(directory).Select(f => Path.GetFileName(f)) : [];
            return NearestName.Find(Path.GetFileName(path), names.Order(StringComparer.Ordinal)) is { } near
                ? Path.Combine(Path.GetDirectoryName(source) ?? string.Empty, near)
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
