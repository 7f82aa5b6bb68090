using TuningCluster.Shared.Data;

namespace TuningCluster.TrialWorker.Data;

/// <summary>One column of a table as read: numbers, or categories.</summary>
/// <param name="name">Distinct within the table.</param>
internal abstract class TableColumn(string name)
{
    /// <summary>A text column of more distinct values is not kept.</summary>
    public const int MaxCategories = 1_000;

    /// <summary>The category of a missing cell.</summary>
    public const int MissingCategory = -1;

    public string Name { get; } = name;

    public abstract ColumnKind Kind { get; }

    /// <summary>Cells, missing ones included.</summary>
    public abstract int Count { get; }

    public abstract long Missing { get; }

    /// <summary>Distinct values; at most <see cref="MaxCategories"/> for numeric columns, one more for categorical ones.</summary>
    public abstract int Distinct { get; }

    /// <summary>Memory the cells take.</summary>
    public abstract long Bytes { get; }

    /// <summary>The distinct values of a categorical column in ordinal order; empty for numeric ones and when there are too many.</summary>
    public virtual IReadOnlyList<string> Categories => [];

    /// <summary>A text column that has more than <see cref="MaxCategories"/> distinct values; its cells were not kept.</summary>
    public virtual bool HasTooManyCategories => false;

    /// <summary>A numeric column with more than <see cref="MaxCategories"/> distinct values; which ones was not kept.</summary>
    public virtual bool IsBeyondCounting => false;

    /// <summary>First cell that is not a number; null in a numeric column.</summary>
    public virtual string? FirstText => null;

    /// <summary>Where it stands, for messages: <c>line 3</c>; empty in a numeric column.</summary>
    public virtual string FirstTextPlace => "";

    /// <summary>How many distinct spellings are numbers: more than none in a categorical column is a sign of a slip in the file.</summary>
    public virtual int NumericSpellings => 0;

    /// <summary>A pixel of an image: it keeps its place though it have one value in every row.</summary>
    public virtual bool IsPixel => false;

    /// <summary>The file says that its numbers name classes.</summary>
    public virtual bool HoldsClasses => false;

    /// <summary>What numbers are divided by that are not scaled otherwise.</summary>
    public virtual double Unit => 1;

    /// <summary>The number in a row of a numeric column, finite in single precision; NaN when missing.</summary>
    public abstract double Number(int row);

    /// <summary>The numbers of some rows of a numeric column, in their order; NaN where missing.</summary>
    /// <param name="rows">Shape [n].</param>
    /// <param name="numbers">Receives shape [n].</param>
    public virtual void Gather(ReadOnlySpan<int> rows, Span<double> numbers)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            numbers[i] = Number(rows[i]);
        }
    }

    /// <summary>The distinct numbers of a numeric column, rising; empty when it is beyond counting.</summary>
    public abstract double[] DistinctNumbers();

    /// <summary>The index into <see cref="Categories"/> of a row of a categorical column whose cells were kept; <see cref="MissingCategory"/> when missing.</summary>
    public virtual int Category(int row) => throw new InvalidOperationException($"'{Name}' has no categories.");

    /// <summary>Whether a row's cell is missing, in a column whose cells were kept.</summary>
    public bool IsMissing(int row) => Kind == ColumnKind.Categorical ? Category(row) == MissingCategory : double.IsNaN(Number(row));

    /// <summary>Which categories some rows of a categorical column have, rising.</summary>
    public int[] CategoriesIn(ReadOnlySpan<int> rows)
    {
        var has = new bool[Categories.Count];
        foreach (var row in rows)
        {
            if (Category(row) is not MissingCategory and var category)
            {
                has[category] = true;
            }
        }

        return [.. Enumerable.Range(0, has.Length).Where(c => has[c])];
    }
}
