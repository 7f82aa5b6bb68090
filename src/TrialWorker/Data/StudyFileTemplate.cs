using System.Globalization;
using System.Text;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Writes a study file to begin with, for <c>tuning init</c>.</summary>
public static class StudyFileTemplate
{
    /// <summary>Below so many rows a class on average, stratified parts may lack rows of the rare ones.</summary>
    private const int FewRowsOfAClass = 10;

    private static readonly string[] YamlWords = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    /// <summary>A commented study file of 50 random trials, in YAML with line feeds.</summary>
    /// <param name="name">Name of the study, as study files allow it.</param>
    /// <param name="sourceRelative">Path of the data, relative to where the study file will be; slashes either way.</param>
    /// <param name="target">Name of the target column.</param>
    /// <param name="summary">Of the data.</param>
    /// <param name="task">What the target is good for.</param>
    /// <exception cref="ArgumentException">The summary has no column <paramref name="target"/>.</exception>
    public static string Write(string name, string sourceRelative, string target, DataSummary summary, LearningTask task)
    {
        var column = summary.Columns.FirstOrDefault(c => c.Name == target)
            ?? throw new ArgumentException($"There is no column '{target}'.", nameof(target));
        var isClassification = task == LearningTask.Classification;
        var stratify = isClassification && summary.Rows >= (long)FewRowsOfAClass * column.Distinct;
        var features = summary.Columns.Where(c => c.Name != target).ToArray();
        var numeric = features.Count(c => c.Kind == ColumnKind.Numeric);
        var missing = features.Count(c => c.Missing > 0);

        return Text($$"""
            # A study: what to learn from, what to vary, and when to stop.
            # Check it with 'tuning check', run it with 'tuning run'.
            version: 1
            name: {{Scalar(name)}}

            # {{Count(summary.Rows, "row")}}: {{Count(numeric, "numeric column")}}, {{Count(features.Length - numeric, "column")}} of categories, {{Count(missing, "column")}} with missing cells.
            # Missing numbers become the median of the training part; categories become one feature each, or codes to embed when they are many.
            data:
              source: {{Scalar(sourceRelative.Replace('\\', '/'))}}    # relative to this file
              target: {{Scalar(target)}}
              task: {{(isClassification ? "classification" : "regression")}}
              # The search is guided by the validation part (folds: 5 instead cross-validates); the test part is touched once, by the best model.
              split: { validation: 0.2, test: 0.2, seed: 7{{(isClassification ? stratify ? ", stratify: true" : ", stratify: false" : string.Empty)}} }
              scale: standard          # none | standard (mean 0, deviation 1) | minmax (0 to 1)

            # What is compared, and which way is better.
            # {{(isClassification ? "Or: { metric: validation_accuracy, direction: maximize }" : "Or: { metric: validation_mae, direction: minimize }")}}
            objective: { metric: validation_loss, direction: minimize }

            # Settings of the network that stay the same in all trials.
            model:
              loss: {{(isClassification ? "cross_entropy" : "mse")}}
              epochs: 30
              early_stopping: 5        # ends a trial after 5 epochs without a better validation loss

            # What is searched. Any setting of 'model' may stand here, and the other way round.
            parameters:
              learning_rate: { type: float, low: 1e-4, high: 0.1, log: true }     # log: each power of ten equally often
              layers:        { type: int, low: 1, high: 3 }
              width:         { type: int, low: 8, high: 128, log: true }
              batch_size:    { type: categorical, choices: [16, 32, 64] }
              activation:    { type: categorical, choices: [relu, tanh, sigmoid] }
              optimizer:     { type: categorical, choices: [adam, sgd] }
              momentum:      { type: float, low: 0.0, high: 0.99, when: { optimizer: sgd } }     # only with sgd

            # How the next trial is chosen: random draws each anew, grid takes every combination.
            # The same seed draws the same trials again.
            strategy: { name: random, seed: 42 }

            # When the study ends; more trials later: raise the number and run it again.
            budget: { trials: 50 }

            # Trials at a time (auto: one a core) and cores for each.
            parallel: { trials: auto, threads: 1 }

            """);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings("\n");

    private static string Count(long number, string what) => $"{number.ToString("N0", CultureInfo.InvariantCulture)} {what}{(number == 1 ? string.Empty : "s")}";

    // Plain where YAML reads it back as the same text, else between double quotes.
    private static string Scalar(string text)
    {
        var isPlain = text.Length > 0
            && (char.IsAsciiLetter(text[0]) || text[0] == '_')
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/')
            && !YamlWords.Contains(text, StringComparer.OrdinalIgnoreCase);
        if (isPlain)
        {
            return text;
        }

        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                < ' ' or '\u007F' or '\u0085' or '\u2028' or '\u2029' or '\uFEFF' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
