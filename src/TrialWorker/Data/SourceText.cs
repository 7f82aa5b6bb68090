using System.Text;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Opens the bytes of a data file as text: plain or gzip, told apart by their first bytes, never by the name.</summary>
internal static class SourceText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A reader over the text. UTF-8 unless a byte order mark says UTF-16; the mark itself is skipped.</summary>
    /// <param name="source">Name of the file in messages.</param>
    /// <exception cref="SpecException">The file is empty, or is of a known other format.</exception>
    public static StreamReader Open(string source, byte[] content)
    {
        if (content.Length == 0)
        {
            throw Fault($"'{source}' is empty");
        }

        if (!SourceBytes.IsGzip(content) && OtherFormat(content) is { } format)
        {
            throw Fault($"'{source}' is {format}, not a csv file", "Csv (plain or gzip), parquet and idx pairs are read; export the data as one of them.");
        }

        return new StreamReader(SourceBytes.Open(content), StrictUtf8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
    }

    /// <summary>Reads gzip data to their end; what is not gzip is complete as it is.</summary>
    /// <exception cref="InvalidDataException">The data are damaged or cut off.</exception>
    public static void CheckComplete(byte[] content)
    {
        if (SourceBytes.IsGzip(content))
        {
            GzipEnd.Check(content);
        }
    }

    /// <summary>What a failure while reading the text means to the user; null when it is not about the file's contents.</summary>
    public static SpecException? Explain(string source, Exception error) => error switch
    {
        InvalidDataException => Fault($"'{source}' is a damaged gzip file: {error.Message}", "Copy or compress it again."),
        DecoderFallbackException => Fault($"'{source}' is not UTF-8 text", "Save it as UTF-8."),
        _ => null,
    };

    /// <summary>A fault of the file itself.</summary>
    public static SpecException Fault(string problem, string? hint = null) => new([new SpecError("data.source", problem, hint)]);

    private static string? OtherFormat(ReadOnlySpan<byte> content)
    {
        var isUtf16 = content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        return content.StartsWith("PK\u0003\u0004"u8) ? "a zip archive (or a spreadsheet)"
            : !isUtf16 && content[..Math.Min(content.Length, 4096)].Contains((byte)0) ? "a binary file"
            : null;
    }
}
