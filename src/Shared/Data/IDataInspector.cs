using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Data;

public enum ColumnKind
{
    Numeric,
    Categorical,
}

/// <summary>One column of a data file, as read.</summary>
/// <param name="Missing">Number of empty cells (empty, NA, NaN, null, ?).</param>
/// <param name="Distinct">Number of distinct values seen; capped at 1,000 for numeric columns, at 1,001 (meaning more than 1,000) for categorical ones.</param>
/// <param name="Categories">The distinct values of a categorical column, sorted; empty for numeric ones and when there are more than 1,000.</param>
public sealed record ColumnSummary(string Name, ColumnKind Kind, long Missing, int Distinct, IReadOnlyList<string> Categories);

/// <summary>A data file at a glance.</summary>
/// <param name="Sha256">Of the file's bytes; of both files' for the images of an idx pair.</param>
/// <param name="MemoryBytes">What its columns take in memory, as read.</param>
public sealed record DataSummary(string Path, string Sha256, long Rows, IReadOnlyList<ColumnSummary> Columns, long MemoryBytes);

/// <summary>What a study would train on.</summary>
/// <param name="Spec">The data section with hash and task filled in.</param>
/// <param name="Content">The bytes the hash is of: what workers load.</param>
/// <param name="Rows">Of the file, those without a target included.</param>
/// <param name="InputWidth">Numeric and one-hot features after encoding.</param>
/// <param name="EmbeddedColumns">Categorical columns beside them that the network embeds.</param>
/// <param name="OutputWidth">Classes, or targets of a regression.</param>
/// <param name="MemoryBytes">What the parts take in a worker, shared by all its trials; all folds together.</param>
/// <param name="Notes">What the user is told: imputed columns, dropped rows, one line each.</param>
public sealed record ResolvedData(
    DataSpec Spec, byte[] Content, long Rows, int InputWidth, int EmbeddedColumns, int OutputWidth, long MemoryBytes, IReadOnlyList<string> Notes);

/// <summary>Reads data files for verbs that start no worker: <c>check</c>, <c>init</c>, <c>run</c>.</summary>
public interface IDataInspector
{
    /// <exception cref="SpecException">The file is missing, empty or cannot be read; says why.</exception>
    DataSummary Summarize(string path);

    /// <summary>Reads the data of <paramref name="spec"/>, the file once, and checks it against the study: target there and of the right kind,
    /// more than one class, enough rows for the split.</summary>
    /// <param name="spec">The data section.</param>
    /// <param name="path">The source file, resolved.</param>
    /// <exception cref="SpecException">Every fault found; paths such as <c>data.target</c>.</exception>
    ResolvedData Resolve(DataSpec spec, string path);

    /// <summary>As the other, of a file's bytes; of an idx pair those that <see cref="ResolvedData.Content"/> gave.</summary>
    /// <exception cref="SpecException">Every fault found.</exception>
    ResolvedData Resolve(DataSpec spec, byte[] content);
}

/// <summary>Uses a trained model outside a trial.</summary>
public interface IModelRunner
{
    /// <summary>Metrics of a trial's weights on the untouched test part: <c>test_loss</c>, <c>test_accuracy</c> …; empty without one.</summary>
    /// <param name="spec">The study.</param>
    /// <param name="parameters">The trial's parameters.</param>
    /// <param name="model">SHA-256 of its weights.</param>
    IReadOnlyDictionary<string, double> ScoreTest(StudySpec spec, SearchSpaces.TrialParameters parameters, string model);
}
