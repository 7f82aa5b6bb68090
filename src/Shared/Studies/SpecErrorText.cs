namespace TuningCluster.Shared.Studies;

/// <summary>Faults of a study file as plain lines, each with the source line and a caret below the place.</summary>
public static class SpecErrorText
{
    /// <summary>For each fault <c>FILE:LINE:COLUMN: problem</c>, the line, the caret and <c>hint: …</c>.</summary>
    /// <param name="errors">In the order to be shown.</param>
    /// <param name="fileName">As the user named it.</param>
    /// <param name="text">The file's text.</param>
    public static IEnumerable<string> Render(IEnumerable<SpecError> errors, string fileName, string text)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        foreach (var error in errors)
        {
            yield return $"{fileName}:{error.Line}:{error.Column}: {error.Problem}";
            if (error.Line <= lines.Length && lines[error.Line - 1].Trim().Length > 0)
            {
                var line = lines[error.Line - 1];
                var indent = line[..Math.Min(line.Length, error.Column - 1)].Select(c => c == '\t' ? '\t' : ' ');
                yield return $"  {line}";
                yield return $"  {string.Concat(indent)}^";
            }

            if (error.Hint is { } hint)
            {
                yield return $"  hint: {hint}";
            }
        }
    }
}
