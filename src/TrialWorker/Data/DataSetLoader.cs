using System.Globalization;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Makes a study's data from the bytes of a data file: read, split, encoded and scaled. The same bytes and the same section give the same data, bit for bit.</summary>
public static class DataSetLoader
{
    /// <param name="spec">The data section; its hash is not looked at.</param>
    /// <param name="content">The source file's bytes: csv, plain or gzip, parquet or a bound idx pair, recognised by their first bytes.</param>
    /// <exception cref="SpecException">The file cannot be read, the section does not fit it, or the data do not fit into memory.</exception>
    public static StudyData Load(DataSpec spec, byte[] content) => Load(spec, content, MemoryRoom.Available);

    /// <inheritdoc cref="Load(DataSpec, byte[])"/>
    /// <param name="available">Bytes of memory that the file's bytes and the data may take together.</param>
    public static StudyData Load(DataSpec spec, byte[] content, long available)
    {
        var room = new MemoryRoom(available - content.Length);
        var table = SourceTable.Read(spec.Source, content, spec.Targets, room);
        if (spec.Targets.Count == 0)
        {
            spec = spec with { Targets = [table.DefaultTarget ?? throw new SpecException([new SpecError("data.target", "target is missing", "target: the name of the column to predict")])] };
        }

        var faults = new DataFaults();
        var targets = faults.Try(() => TargetColumns.Read(table, spec));

        // Without targets every row counts as in use: what is refused then would be refused of fewer rows as well.
        var rows = targets?.Rows ?? [.. Enumerable.Range(0, table.Rows)];
        var splits = faults.Try(() => RowSplit.Draw(spec.Split, rows.Length, targets?.Labels ?? [], targets?.Classes ?? []));
        var trainings = splits?.Select(s => TableRows(rows, s.Training)).ToList() ?? [rows];
        var notes = new List<string>(table.Notes);
        if (rows.Length < table.Rows)
        {
            var dropped = table.Rows - rows.Length;
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{dropped} {(dropped == 1 ? "row" : "rows")} without {Name(spec.Targets)} left out."));
        }

        var chosen = faults.Try(() => FeatureChoice.Choose(table.Columns.Where(c => !spec.Targets.Contains(c.Name)), rows, trainings, spec.OneHotMaxSize, notes));
        faults.ThrowAny();
        return Encode(spec, table, targets!, splits!, chosen!, notes, room);
    }

    private static StudyData Encode(
        DataSpec spec, SourceTable table, TargetColumns targets, IReadOnlyList<RowSplit> splits, IReadOnlyList<ChosenColumn> chosen, List<string> notes, MemoryRoom room)
    {
        room.CheckParts(targets.Rows.Length, chosen.Sum(c => c.Width) + targets.Names.Count, splits.Count, table.Bytes);
        return new StudyData([.. splits.Select(split => Fold(spec, targets, chosen, split, isFold: splits.Count > 1, notes))]) { SourceRows = table.Rows };
    }

    /// <param name="common">Notes that all folds share.</param>
    private static DataSet Fold(DataSpec spec, TargetColumns targets, IReadOnlyList<ChosenColumn> columns, RowSplit split, bool isFold, List<string> common)
    {
        var notes = new List<string>(common);
        var encoder = FeatureEncoder.Fit(columns, TableRows(targets.Rows, split.Training), spec.Scale, isFold, notes);
        var scaling = TargetScaling.Fit(targets, split.Training);
        if (targets.Task == LearningTask.Classification)
        {
            NoteUntrainedClasses(targets, split, notes);
        }

        return new DataSet(
            targets.Task,
            encoder.Width,
            encoder.Embedded,
            targets.Classes,
            targets.Names,
            Part(encoder, targets, split.Training, scaling),
            Part(encoder, targets, split.Validation, scaling),
            split.Test.Length > 0 ? Part(encoder, targets, split.Test, scaling) : null,
            scaling.Means,
            scaling.Scales,
            notes);
    }

    private static DataPart Part(FeatureEncoder encoder, TargetColumns targets, int[] indices, TargetScaling scaling)
    {
        var rows = TableRows(targets.Rows, indices);
        return new DataPart(
            indices.Length,
            encoder.Width,
            encoder.Encode(rows),
            encoder.EncodeEmbedded(rows),
            targets.Task == LearningTask.Classification ? Array.ConvertAll(indices, i => targets.Labels[i]) : [],
            targets.Task == LearningTask.Regression ? scaling.Apply(targets, indices) : []);
    }

    private static string Name(IReadOnlyList<string> targets) =>
        targets.Count == 1 ? $"a '{targets[0]}'" : $"a value of each of {NameList.Join(targets)}";

    private static void NoteUntrainedClasses(TargetColumns targets, RowSplit split, List<string> notes)
    {
        var trained = split.Training.Select(i => targets.Labels[i]).ToHashSet();
        var missing = targets.Classes.Where((_, label) => !trained.Contains(label)).ToArray();
        if (missing.Length > 0)
        {
            notes.Add($"No training row has the class {NameList.Join(missing)}.");
        }
    }

    private static int[] TableRows(int[] rows, int[] indices) => Array.ConvertAll(indices, i => rows[i]);
}
