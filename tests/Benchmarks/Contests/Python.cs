using System.Diagnostics;
using System.Globalization;

namespace TuningCluster.Benchmarks.Contests;

/// <summary>Finds a Python that has what a rival needs.</summary>
internal static class Python
{
    private const string HasModules = "import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in sys.argv[1:]))";

    /// <summary>The distribution's own first: it is the one whose packages come ready to run.</summary>
    private static readonly IReadOnlyList<string> Interpreters =
        [.. new[] { "/usr/bin/python3" }.Where(File.Exists).Concat(Programs.OnPath("python3")).Distinct()];

    /// <summary>The first interpreter that has all of <paramref name="modules"/>; null when none has.</summary>
    public static string? With(params string[] modules) => Interpreters.FirstOrDefault(interpreter => Has(interpreter, modules));

    /// <summary>The path of one of our rivals' scripts.</summary>
    public static string Script(string name) => Path.Combine(Repository.Root, "tests", "Benchmarks", "rivals", name);

    /// <summary>How many threads its numeric libraries start, and that it leaves no compiled files beside our scripts.</summary>
    public static void Prepare(ProcessStartInfo start, int threads)
    {
        foreach (var library in new[] { "OMP", "OPENBLAS", "MKL" })
        {
            start.Environment[$"{library}_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        }

        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
    }

    private static bool Has(string interpreter, string[] modules)
    {
        using var probe = Process.Start(new ProcessStartInfo(interpreter, ["-c", HasModules, .. modules])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }
}
