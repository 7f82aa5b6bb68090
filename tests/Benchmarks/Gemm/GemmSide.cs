using System.Diagnostics;
using System.Text.Json;

namespace TuningCluster.Benchmarks.Gemm;

/// <summary>Our side of the suite <c>gemm</c>, in a process of its own.</summary>
internal sealed class GemmSide : IDisposable
{
    private SquareProduct? _product;
    private int _threads;

    /// <summary>Answers a <see cref="GemmQuestion"/>.</summary>
    public double Measure(string json)
    {
        var question = JsonSerializer.Deserialize<GemmQuestion>(json, JsonSerializerOptions.Web)!;
        if (_product is null || _product.Size != question.Size || _threads != question.Threads)
        {
            _product?.Dispose();
            _threads = question.Threads;
            _product = new SquareProduct(question.Size, _threads);
        }

        var (count, started) = (0L, Stopwatch.GetTimestamp());
        while (true)
        {
            for (var i = 0; i < question.Repeats; i++)
            {
                _product.Multiply();
            }

            count += question.Repeats;
            if (Stopwatch.GetElapsedTime(started).TotalSeconds is var seconds && seconds >= question.Seconds)
            {
                return 2 * Math.Pow(question.Size, 3) * count / seconds / 1e9;
            }
        }
    }

    public void Dispose() => _product?.Dispose();
}
