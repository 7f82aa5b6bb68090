using System.Text.Json;

namespace TuningCluster.Cluster.Tests.Processes;

/// <summary>An empty working directory and the processes started in it.</summary>
internal sealed class Workspace : IAsyncDisposable
{
    private readonly List<TuningProcess> _processes = [];

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("tuning-cluster-test-").FullName;

    public string StoreDirectory => Path.Combine(Directory, ".tuning");

    public string DatabasePath => Path.Combine(StoreDirectory, "studies.db");

    public string WriteAheadLogPath => DatabasePath + "-wal";

    /// <summary>Text of all log files.</summary>
    public string Log => string.Concat(System.IO.Directory.Exists(Path.Combine(StoreDirectory, "logs"))
        ? System.IO.Directory.GetFiles(Path.Combine(StoreDirectory, "logs")).Order(StringComparer.Ordinal).Select(ReadShared)
        : []);

    public string PathOf(string name) => Path.Combine(Directory, name);

    /// <summary>Writes a file and returns its name.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return name;
    }

    public TuningProcess Start(params IReadOnlyList<string> arguments) => StartProgram(Programs.Tuning, arguments);

    public TuningProcess StartProgram(string program, params IReadOnlyList<string> arguments)
    {
        var process = TuningProcess.Start(program, Directory, arguments);
        _processes.Add(process);
        return process;
    }

    /// <summary>Runs <c>tuning</c> to its end.</summary>
    public Task<CommandResult> Tuning(params IReadOnlyList<string> arguments) => Start(arguments).Ended();

    /// <summary>Runs a verb with <c>-o json</c> and returns what it prints; it must succeed.</summary>
    public async Task<JsonElement> Json(params IReadOnlyList<string> arguments) =>
        (await Tuning([.. arguments, "-o", "json"])).MustEndWith(0).Json();

    public async Task<IReadOnlyList<TrialRow>> Trials(string study) => TrialRow.Read(await Json("trials", study));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"Kept for a look: {Directory}");
            foreach (var process in _processes)
            {
                await File.WriteAllTextAsync(PathOf($"process-{process.Id}.txt"), process.Describe());
                TestContext.Current.TestOutputHelper?.WriteLine(process.DescribeEnd());
            }

            await Console.Error.WriteLineAsync($"{TestContext.Current.Test?.TestDisplayName} failed; kept for a look: {Directory}");
            return;
        }

        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
