using System.Globalization;
using TuningCluster.Benchmarks.Gemm;
using TuningCluster.Benchmarks.Sampling;
using TuningCluster.Benchmarks.Trainer;

namespace TuningCluster.Benchmarks.Contests;

/// <summary>What this program does as a <see cref="Contestant"/>: our side of a suite, in a process as bare as the rival's.</summary>
internal static class OwnSide
{
    /// <summary>First word of the command line of such a process.</summary>
    public const string Word = "contestant";

    /// <summary>Answers one question a line until there are no more.</summary>
    /// <param name="suite">Whose side.</param>
    public static int Answer(string suite, TextReader questions, TextWriter answers)
    {
        Func<string, double> measure = suite switch
        {
            "trainer" => new TrainerSide().Measure,
            "gemm" => new GemmSide().Measure,
            SamplingSuite.SuiteName => SamplingSide.Measure,
            _ => throw new UsageException($"The suite '{suite}' has no side of ours."),
        };
        answers.WriteLine("ready ours");
        answers.Flush();
        while (questions.ReadLine() is { } question)
        {
            answers.WriteLine(measure(question).ToString("R", CultureInfo.InvariantCulture));
            answers.Flush();
        }

        return 0;
    }
}
