using Parquet;
using Parquet.Schema;

namespace TuningCluster.TrialWorker.Tests.Data;

/// <summary>Small parquet files, written column by column.</summary>
internal sealed class ParquetFiles
{
    private readonly List<(Field Field, Func<ParquetRowGroupWriter, Task> Write)> _columns = [];

    /// <summary>A column without missing cells.</summary>
    public ParquetFiles Add<T>(string name, params T[] cells)
        where T : struct
    {
        var field = new DataField(name, typeof(T), isNullable: false);
        _columns.Add((field, group => group.WriteAsync<T>(field, cells)));
        return this;
    }

    public ParquetFiles AddOptional<T>(string name, params T?[] cells)
        where T : struct
    {
        var field = new DataField(name, typeof(T), isNullable: true);
        _columns.Add((field, group => group.WriteAsync<T>(field, cells)));
        return this;
    }

    public ParquetFiles AddText(string name, params string?[] cells)
    {
        var field = new DataField(name, typeof(string), isNullable: true);
        _columns.Add((field, group => group.WriteAsync(field, cells!)));
        return this;
    }

    /// <summary>A column of another kind, with a field of its own and nothing written.</summary>
    public ParquetFiles AddField(Field field)
    {
        _columns.Add((field, _ => Task.CompletedTask));
        return this;
    }

    /// <param name="groups">How often the cells are written, each time as a row group; without any the file has no rows.</param>
    public async Task<byte[]> Write(int groups = 1)
    {
        using var bytes = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(_columns.Select(c => c.Field)), bytes, cancellationToken: TestContext.Current.CancellationToken))
        {
            for (var g = 0; g < groups; g++)
            {
                using var group = writer.CreateRowGroup();
                foreach (var (_, write) in _columns)
                {
                    await write(group);
                }
            }
        }

        return bytes.ToArray();
    }
}
