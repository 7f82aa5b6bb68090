using System.Diagnostics;
using System.Text.Json;
using TuningCluster.TrialWorker.Data;

namespace TuningCluster.Benchmarks.Trainer;

/// <summary>Our side of the suite <c>trainer</c>, in a process of its own.</summary>
internal sealed class TrainerSide
{
    private DataPart? _noise;
    private int _classes;
    private DataSet? _digits;
    private int _trials;

    /// <summary>Answers a <see cref="TrainerQuestion"/>.</summary>
    public double Measure(string json)
    {
        var question = JsonSerializer.Deserialize<TrainerQuestion>(json, JsonSerializerOptions.Web)!;
        return question.Measure switch
        {
            TrainerQuestion.Peak => FmaPeak.Measure(question.Seconds),
            TrainerQuestion.RowsPerSecond => RowsPerSecond(question),
            TrainerQuestion.RowsPerSecondAtOnce => RowsPerSecondAtOnce(question),
            TrainerQuestion.FixedCost => FixedCost(question),
            TrainerQuestion.TrialsPerHour => TrialsPerHour(question),
            _ => throw new UsageException($"Nothing of ours measures '{question.Measure}'."),
        };
    }

    private double RowsPerSecond(TrainerQuestion question)
    {
        var (spent, rows) = (0.0, 0L);
        while (spent < question.Seconds)
        {
            using var training = Fresh(question);
            training.Step(0);
            var started = Stopwatch.GetTimestamp();
            for (var epoch = 0; epoch < question.Epochs; epoch++)
            {
                training.Epoch();
            }

            spent += Stopwatch.GetElapsedTime(started).TotalSeconds;
            rows += (long)question.Epochs * question.Rows;
        }

        return rows / spent;
    }

    /// <summary>Each thread counts its own mini-batches until the time is over, so that none runs on alone at the end.</summary>
    private double RowsPerSecondAtOnce(TrainerQuestion question)
    {
        Noise(question);
        var rates = new double[question.Count];
        using var start = new Barrier(question.Count);
        var threads = Enumerable.Range(0, question.Count).Select(i => new Thread(() =>
        {
            var training = Fresh(question);
            training.Step(0);
            start.SignalAndWait();
            rates[i] = RowsPerSecondFrom(training, question);
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        return rates.Sum();
    }

    private double RowsPerSecondFrom(Training training, TrainerQuestion question)
    {
        var rows = 0L;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            for (var epoch = 0; epoch < question.Epochs; epoch++)
            {
                training.Shuffle();
                for (var at = 0; at < question.Rows; at += question.Batch)
                {
                    training.Step(at);
                    rows += Math.Min(question.Batch, question.Rows - at);
                    if (Stopwatch.GetElapsedTime(started).TotalSeconds is var spent && spent >= question.Seconds)
                    {
                        return rows / spent;
                    }
                }
            }

            training = Fresh(question);
        }
    }

    private double FixedCost(TrainerQuestion question)
    {
        Noise(question);
        var costs = new List<double>();
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun).TotalSeconds < question.Seconds;)
        {
            var started = Stopwatch.GetTimestamp();
            var training = Fresh(question);
            training.Epoch();
            var first = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            var later = Enumerable.Range(0, 5).Select(_ =>
            {
                var epoch = Stopwatch.GetTimestamp();
                training.Epoch();
                return Stopwatch.GetElapsedTime(epoch).TotalMilliseconds;
            });
            costs.Add(first - Median.Of(later));
        }

        return Median.Of(costs);
    }

    private double TrialsPerHour(TrainerQuestion question)
    {
        _digits ??= Digits.Load(question.Data);
        var settings = Product.Settings(question);
        var (count, started) = (0, Stopwatch.GetTimestamp());
        while (true)
        {
            Product.Trial(_digits, settings, _trials++);
            count++;
            if (Stopwatch.GetElapsedTime(started).TotalHours is var hours && hours * 3600 >= question.Seconds)
            {
                return count / hours;
            }
        }
    }

    private Training Fresh(TrainerQuestion question) =>
        new(Noise(question), Product.Settings(question), question.Sizes[^1], Interlocked.Increment(ref _trials), question.Threads);

    /// <summary>The data of the last question is kept: the next is mostly about the same.</summary>
    private DataPart Noise(TrainerQuestion question)
    {
        if (_noise is null || _noise.Width != question.Sizes[0] || _noise.Rows != question.Rows || _classes != question.Sizes[^1])
        {
            _classes = question.Sizes[^1];
            _noise = Product.Noise(question.Sizes[0], _classes, question.Rows);
        }

        return _noise;
    }
}
