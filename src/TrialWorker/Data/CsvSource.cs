using System.Globalization;
using Sylvan.Data.Csv;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Reads csv files.</summary>
internal static class CsvSource
{
    private const int LargestRecord = 1 << 26;
    private const int RowsBetweenChecks = 1 << 15;

    /// <summary>Reads a header line and the rows below it; blank lines are skipped.</summary>
    /// <param name="source">Name of the file in messages.</param>
    /// <param name="content">Its bytes, plain or gzip.</param>
    /// <param name="exact">Names of the columns kept in double precision.</param>
    /// <param name="room">What the columns may take.</param>
    /// <exception cref="SpecException">Empty, header only, ragged, twice the same column name, a quote not closed, decimal commas, or not text; <c>data.source</c>.</exception>
    public static SourceTable Read(string source, byte[] content, IReadOnlyList<string> exact, MemoryRoom room)
    {
        try
        {
            return ReadText(source, content, exact, room);
        }
        catch (Exception error) when (SourceText.Explain(source, error) is { } fault)
        {
            throw fault;
        }
    }

    private static SourceTable ReadText(string source, byte[] content, IReadOnlyList<string> exact, MemoryRoom room)
    {
        SourceText.CheckComplete(content);
        var delimiter = CsvDelimiter.Detect(source, content);
        using var text = SourceText.Open(source, content);
        long nextLine = 1;
        try
        {
            using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions
            {
                HasHeaders = false,
                Delimiter = delimiter,
                // A first column may well be called '#': no character starts a comment. This one never is in a text.
                Comment = '\uFFFF',
                BufferSize = 1 << 16,
                MaxBufferSize = LargestRecord,
            });

            TextColumn[]? columns = null;
            var rows = 0;
            while (reader.Read())
            {
                var line = nextLine;
                nextLine += LineBreaks(reader.GetRawRecordSpan());
                var cells = reader.RowFieldCount;
                if (cells == 1 && reader.GetFieldSpan(0).Trim().IsEmpty)
                {
                    continue;
                }

                if (columns is null)
                {
                    columns = Header(source, reader, exact);
                    continue;
                }

                if (cells != columns.Length)
                {
                    throw SourceText.Fault(
                        $"line {Text(line)} of '{source}' has {Text(cells)} {(cells == 1 ? "cell" : "cells")}, its header has {Text(columns.Length)}",
                        $"Put cells that contain {CsvDelimiter.Name(delimiter)} between double quotes.");
                }

                for (var i = 0; i < columns.Length; i++)
                {
                    var cell = reader.GetFieldSpan(i).Trim();
                    if (MissingCell.Is(cell))
                    {
                        columns[i].AddMissing();
                    }
                    else
                    {
                        columns[i].Add(cell, line);
                    }
                }

                rows++;
                if (rows % RowsBetweenChecks == 0)
                {
                    room.Check(columns.Sum(c => c.Bytes), $"the columns of '{source}' up to line {Text(line)}");
                }
            }

            if (columns is null)
            {
                throw SourceText.Fault($"'{source}' is empty");
            }

            if (rows == 0)
            {
                throw SourceText.Fault($"'{source}' has a header line but no rows");
            }

            var commas = new List<SpecError>();
            foreach (var column in columns)
            {
                column.Seal();
                if (DecimalComma.Example(column) is { } example)
                {
                    commas.Add(new SpecError("data.source", $"column '{column.Name}' has numbers with a decimal comma ('{example}')", "Write them with a decimal point."));
                }
            }

            if (commas.Count > 0)
            {
                throw new SpecException(commas);
            }

            return new SourceTable(rows, columns, []);
        }
        catch (CsvRecordTooLargeException)
        {
            throw SourceText.Fault($"the row at line {Text(nextLine)} of '{source}' is too long", "A double quote that is never closed does this.");
        }
        catch (CsvFormatException)
        {
            throw SourceText.Fault(
                $"line {Text(nextLine)} of '{source}' has a double quote that is not closed, or text after a closing one",
                "Double the quotes inside a quoted cell: \"say \"\"yes\"\"\".");
        }
    }

    private static TextColumn[] Header(string source, CsvDataReader reader, IReadOnlyList<string> exact)
    {
        var columns = new TextColumn[reader.RowFieldCount];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
        {
            var name = reader.GetFieldSpan(i).Trim().ToString();
            if (name.Length == 0)
            {
                // Index columns exported without a name, and trailing delimiters.
                name = $"column_{Text(i + 1)}";
            }

            if (!seen.Add(name))
            {
                throw SourceText.Fault(
                    $"the header of '{source}' names '{name}' twice",
                    double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                        ? "The first line must hold the columns' names; it seems to hold data."
                        : "Give every column its own name.");
            }

            columns[i] = new TextColumn(name, exact: exact.Contains(name));
        }

        return columns;
    }

    private static int LineBreaks(ReadOnlySpan<char> record)
    {
        var feeds = record.Count('\n');
        return feeds > 0 ? feeds : record.Count('\r');
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
