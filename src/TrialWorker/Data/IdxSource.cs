using System.Globalization;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Reads an IDX pair bound into one content: the array of the images, then that of their labels (<see cref="IdxPair"/>).</summary>
internal static class IdxSource
{
    /// <summary>Name of the column of the labels, and the target when the study file names none.</summary>
    public const string Label = "label";

    /// <summary>Deflate cannot compress more: a head that claims a longer array is damaged, and nothing need be reserved for it.</summary>
    private const long GreatestRatio = 1032;

    /// <param name="source">Name of the images' file in messages.</param>
    /// <param name="room">What the pixels may take.</param>
    /// <returns>A column for each pixel, row by row, then the labels.</returns>
    /// <exception cref="SpecException">Damaged, not bytes, or as many labels as images there are not; <c>data.source</c>.</exception>
    public static SourceTable Read(string source, byte[] content, MemoryRoom room)
    {
        try
        {
            using var stream = SourceBytes.Open(content);
            var images = IdxHeader.Read(stream, source, "images");
            if (images.Dimensions.Length < 2)
            {
                throw SourceText.Fault($"'{source}' is an idx file of labels, not of images", "Name the file of the images; the labels are found beside it.");
            }

            var pixels = Values(stream, images, content.Length, source, "images", room);
            var labels = IdxHeader.Read(stream, source, "labels");
            if (labels.Dimensions.Length != 1 || labels.Dimensions[0] != images.Dimensions[0])
            {
                throw SourceText.Fault(
                    $"'{source}' has {images.Dimensions[0].ToString(CultureInfo.InvariantCulture)} images and its labels' file {string.Join(" × ", labels.Dimensions)} labels",
                    "Put the two files of one pair beside each other.");
            }

            var classes = Values(stream, labels, content.Length, source, "labels", room);
            return stream.ReadByte() < 0
                ? Table(images, pixels, classes)
                : throw SourceText.Fault($"something follows the labels of '{source}'", "Copy both files again.");
        }
        catch (InvalidDataException error)
        {
            throw SourceText.Explain(source, error)!;
        }
    }

    private static byte[] Values(Stream stream, IdxHeader header, long content, string source, string what, MemoryRoom room)
    {
        if (header.Length > Array.MaxLength)
        {
            throw SourceText.Fault(string.Create(CultureInfo.InvariantCulture, $"the {what} of '{source}' are {header.Length:N0} bytes, more than one array can hold"), "Use fewer images.");
        }

        if (header.Length <= content * GreatestRatio)
        {
            room.Check(header.Length, $"the {what} of '{source}'");
            var values = new byte[header.Length];
            if (stream.ReadAtLeast(values, values.Length, throwOnEndOfStream: false) == values.Length)
            {
                return values;
            }
        }

        throw SourceText.Fault($"the {what} of '{source}' are cut off", "Copy the file again.");
    }

    private static SourceTable Table(IdxHeader images, byte[] pixels, byte[] labels)
    {
        var width = pixels.Length / labels.Length;
        var columns = new List<TableColumn>(width + 1);
        for (var i = 0; i < width; i++)
        {
            var name = images.Dimensions.Length == 3
                ? string.Create(CultureInfo.InvariantCulture, $"pixel_{i / images.Dimensions[2]}_{i % images.Dimensions[2]}")
                : string.Create(CultureInfo.InvariantCulture, $"pixel_{i}");
            columns.Add(new ByteColumn(name, pixels, i, width, isPixel: true));
        }

        columns.Add(new ByteColumn(Label, labels, 0, 1, isPixel: false));
        return new SourceTable(labels.Length, columns, []) { DefaultTarget = Label };
    }
}
