using System.Globalization;
using System.Numerics;
using Parquet;
using Parquet.Schema;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Carries one column of a parquet file over into a column of the table.</summary>
internal abstract class ParquetColumn(DataField field)
{
    /// <summary>What the user is told about the column; null for nothing.</summary>
    public virtual string? Note => null;

    protected DataField Field { get; } = field;

    /// <summary>Null for a type that is neither number, text, truth value nor point in time.</summary>
    /// <param name="exact">Keep numbers in double precision.</param>
    public static ParquetColumn? Create(DataField field, bool exact)
    {
        var type = field.ClrType;
        return type == typeof(double) ? new NumbersOf<double>(field, exact)
            : type == typeof(float) ? new NumbersOf<float>(field, exact)
            : type == typeof(int) ? new NumbersOf<int>(field, exact)
            : type == typeof(long) ? new NumbersOf<long>(field, exact)
            : type == typeof(short) ? new NumbersOf<short>(field, exact)
            : type == typeof(sbyte) ? new NumbersOf<sbyte>(field, exact)
            : type == typeof(byte) ? new NumbersOf<byte>(field, exact)
            : type == typeof(ushort) ? new NumbersOf<ushort>(field, exact)
            : type == typeof(uint) ? new NumbersOf<uint>(field, exact)
            : type == typeof(ulong) ? new NumbersOf<ulong>(field, exact)
            : type == typeof(decimal) ? new NumbersOf<decimal>(field, exact)
            : type == typeof(ReadOnlyMemory<char>) ? new Words<ReadOnlyMemory<char>>(field, text => text)
            : type == typeof(bool) ? new Words<bool>(field, b => (b ? "true" : "false").AsMemory())
            : type == typeof(DateTime) ? new Words<DateTime>(field, d => d.ToString("O", CultureInfo.InvariantCulture).AsMemory(), isTime: true)
            : type == typeof(DateOnly) ? new Words<DateOnly>(field, d => d.ToString("O", CultureInfo.InvariantCulture).AsMemory(), isTime: true)
            : type == typeof(TimeOnly) ? new Words<TimeOnly>(field, d => d.ToString("O", CultureInfo.InvariantCulture).AsMemory(), isTime: true)
            : type == typeof(TimeSpan) ? new Words<TimeSpan>(field, d => d.ToString("c", CultureInfo.InvariantCulture).AsMemory(), isTime: true)
            : null;
    }

    /// <summary>Appends the cells of a row group.</summary>
    public abstract Task Read(ParquetRowGroupReader group, int rows, CancellationToken cancel);

    /// <summary>The finished column; after the last row group.</summary>
    public abstract TableColumn Seal();

    /// <summary>The cells of a row group; null where missing.</summary>
    protected async Task<T?[]> Cells<T>(ParquetRowGroupReader group, int rows, CancellationToken cancel)
        where T : struct
    {
        if (Field.IsNullable)
        {
            var cells = new T?[rows];
            await group.ReadAsync(Field, cells.AsMemory(), cancellationToken: cancel);
            return cells;
        }

        // Read as if cells could be missing, a column whose cells cannot be comes back shifted by one (Parquet.Net 6.1.0).
        var required = new T[rows];
        await group.ReadAsync(Field, required.AsMemory(), cancellationToken: cancel);
        return Array.ConvertAll(required, cell => (T?)cell);
    }

    private sealed class NumbersOf<T>(DataField field, bool exact) : ParquetColumn(field)
        where T : struct, INumber<T>
    {
        private readonly NumberColumn _column = new(field.Name, exact);

        public override string? Note => _column.Note;

        public override async Task Read(ParquetRowGroupReader group, int rows, CancellationToken cancel)
        {
            foreach (var cell in await Cells<T>(group, rows, cancel))
            {
                _column.Add(cell is { } number ? double.CreateChecked(number) : double.NaN);
            }
        }

        public override TableColumn Seal() => _column;
    }

    /// <summary>Values each of which is a category.</summary>
    private sealed class Words<T>(DataField field, Func<T, ReadOnlyMemory<char>> word, bool isTime = false) : ParquetColumn(field)
        where T : struct
    {
        private readonly TextColumn _column = new(field.Name, exact: false, isText: true, placeWord: "row");

        public override string? Note => isTime
            ? $"Column '{Field.Name}' holds points in time: each is a category of its own. Write the parts that matter (month, hour) as columns of numbers."
            : null;

        public override async Task Read(ParquetRowGroupReader group, int rows, CancellationToken cancel)
        {
            foreach (var cell in await Cells<T>(group, rows, cancel))
            {
                // The file says itself what is missing: a text "NA" is a text.
                if (cell is { } value)
                {
                    _column.Add(word(value).Span, _column.Count + 1);
                }
                else
                {
                    _column.AddMissing();
                }
            }
        }

        public override TableColumn Seal()
        {
            _column.Seal();
            return _column;
        }
    }
}
