namespace TuningCluster.TrialWorker.Data;

/// <summary>Finds out what stands between the cells of a csv file.</summary>
internal static class CsvDelimiter
{
    private static readonly char[] Candidates = [',', ';', '\t'];

    /// <summary>The candidate that occurs most often in the first line that is not blank, outside quotes; the comma when none does.</summary>
    public static char Detect(string source, byte[] content)
    {
        using var text = SourceText.Open(source, content);
        Span<int> counts = stackalloc int[Candidates.Length];
        var quoted = false;
        var blank = true;
        for (var next = text.Read(); next >= 0; next = text.Read())
        {
            var c = (char)next;
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is '\r' or '\n')
            {
                if (!blank)
                {
                    break;
                }
            }
            else if (!quoted && Array.IndexOf(Candidates, c) is var i and >= 0)
            {
                counts[i]++;
            }

            blank &= char.IsWhiteSpace(c) && c != '\t';
        }

        var best = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            best = counts[i] > counts[best] ? i : best;
        }

        return Candidates[best];
    }

    public static string Name(char delimiter) => delimiter switch
    {
        ';' => "a semicolon",
        '\t' => "a tab",
        _ => "a comma",
    };
}
