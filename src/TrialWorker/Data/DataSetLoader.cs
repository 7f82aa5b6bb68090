using System.Globalization;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Makes a data set from the bytes of a csv file: read, split, encoded and scaled. The same bytes and the same section give the same data set, bit for bit.</summary>
public static class DataSetLoader
{
    /// <param name="spec">The data section; its hash is not looked at.</param>
    /// <param name="content">The source file's bytes: csv, or csv in gzip (recognised by its first bytes).</param>
    /// <exception cref="SpecException">The file cannot be read, or the section does not fit it.</exception>
    public static DataSet Load(DataSpec spec, byte[] content)
    {
        var table = CsvTable.Read(spec.Source, content, spec.Target);
        var target = TargetColumn.Read(table, spec);
        var notes = new List<string>();
        var dropped = table.Rows - target.Rows.Length;
        if (dropped > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{dropped} {(dropped == 1 ? "row" : "rows")} without a '{spec.Target}' left out."));
        }

        var split = RowSplit.Draw(spec.Split, target.Rows.Length, target.Labels, target.Classes);
        var features = table.Columns.Where(c => c.Name != spec.Target);
        var encoder = FeatureEncoder.Fit(features, target.Rows, TableRows(target, split.Training), spec.Scale, notes);
        var (mean, scale) = TargetScale(target, split.Training);
        if (target.Task == LearningTask.Classification)
        {
            NoteUntrainedClasses(target, split, notes);
        }

        return new DataSet(
            target.Task,
            encoder.Width,
            target.Classes,
            Part(encoder, target, split.Training, mean, scale),
            Part(encoder, target, split.Validation, mean, scale),
            split.Test.Length > 0 ? Part(encoder, target, split.Test, mean, scale) : null,
            mean,
            scale,
            notes);
    }

    private static DataPart Part(FeatureEncoder encoder, TargetColumn target, int[] indices, float mean, float scale) => new(
        indices.Length,
        encoder.Width,
        encoder.Encode(TableRows(target, indices)),
        target.Task == LearningTask.Classification ? Array.ConvertAll(indices, i => target.Labels[i]) : [],
        target.Task == LearningTask.Regression ? Array.ConvertAll(indices, i => (float)((target.Values[i] - mean) / scale)) : []);

    // In single precision from the start: what undoes the scaling uses exactly the numbers that did it.
    private static (float Mean, float Scale) TargetScale(TargetColumn target, int[] training)
    {
        if (target.Task == LearningTask.Classification)
        {
            return (0, 1);
        }

        var (mean, deviation) = Moments.MeanAndDeviation(Array.ConvertAll(training, i => target.Values[i]));
        return ((float)mean, (float)deviation > 0 ? (float)deviation : 1);
    }

    private static void NoteUntrainedClasses(TargetColumn target, RowSplit split, List<string> notes)
    {
        var trained = split.Training.Select(i => target.Labels[i]).ToHashSet();
        var missing = target.Classes.Where((_, label) => !trained.Contains(label)).ToArray();
        if (missing.Length > 0)
        {
            notes.Add($"No training row has the class {NameList.Join(missing)}.");
        }
    }

    private static int[] TableRows(TargetColumn target, int[] indices) => Array.ConvertAll(indices, i => target.Rows[i]);
}
