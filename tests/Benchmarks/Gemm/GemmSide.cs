using System.Diagnostics;
using System.Text.Json;

namespace TuningCluster.Benchmarks.Gemm;

/// <summary>Our side of the suite <c>gemm</c>, in a process of its own.</summary>
internal sealed class GemmSide
{
    private SquareProduct _product = new(1);

    /// <summary>Answers a <see cref="GemmQuestion"/>.</summary>
    public double Measure(string json)
    {
        var question = JsonSerializer.Deserialize<GemmQuestion>(json, JsonSerializerOptions.Web)!;
        if (_product.Size != question.Size)
        {
            _product = new SquareProduct(question.Size);
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
}
