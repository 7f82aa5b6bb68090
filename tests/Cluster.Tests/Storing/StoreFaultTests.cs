using Microsoft.Data.Sqlite;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Storing;

/// <summary>Stores that cannot be used: exit 4, a reason, and a way out.</summary>
public sealed class StoreFaultTests : ProcessTests
{
    private static readonly string[][] AllVerbs = [["run", "branin.yaml"], ["trials", "branin"], ["studies"], ["audit", "branin"], ["delete", "branin", "--yes"]];

    [Fact]
    public async Task A_store_of_a_newer_program_is_left_alone()
    {
        var workspace = NewWorkspace();
        (await workspace.Tuning("run", StudyFiles.Function(workspace, trials: 3))).MustEndWith(0);
        await Execute(workspace, "PRAGMA user_version = 99");
        var bytes = await File.ReadAllBytesAsync(workspace.DatabasePath);

        foreach (var verb in AllVerbs)
        {
            Assert.Contains("newer program", (await workspace.Tuning(verb)).MustEndWith(4).Error, StringComparison.Ordinal);
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(workspace.DatabasePath));
    }

    [Fact]
    public async Task Another_programs_database_is_left_alone()
    {
        var workspace = NewWorkspace();
        StudyFiles.Function(workspace, trials: 3);
        Directory.CreateDirectory(workspace.StoreDirectory);
        await Execute(workspace, "CREATE TABLE mine (id INTEGER)");
        foreach (var verb in AllVerbs)
        {
            Assert.Contains("another program's database", (await workspace.Tuning(verb)).MustEndWith(4).Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_no_database_is_left_alone()
    {
        var workspace = NewWorkspace();
        StudyFiles.Function(workspace, trials: 3);
        Directory.CreateDirectory(workspace.StoreDirectory);
        const string letter = "Dear diary, this is a text of more than a hundred bytes, which SQLite reads before it says that it is none of its own.";
        await File.WriteAllTextAsync(workspace.DatabasePath, letter);
        foreach (var verb in AllVerbs)
        {
            (await workspace.Tuning(verb)).MustEndWith(4);
        }

        Assert.Equal(letter, await File.ReadAllTextAsync(workspace.DatabasePath));
    }

    [Fact]
    public async Task A_place_where_nothing_can_be_written_is_told()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Function(workspace, trials: 3);
        var below = (await workspace.Tuning("run", file, "--storage", $"sqlite:{file}/studies.db")).MustEndWith(4);
        Assert.Contains("cannot be written", below.Error, StringComparison.Ordinal);
        Assert.Contains("--storage", below.Error, StringComparison.Ordinal);
        (await workspace.Tuning("run", file, "--storage", "postgres://user:secret@localhost/db")).MustEndWith(4);
    }

    [Fact]
    public async Task A_read_only_store_is_read_but_not_written()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Permissions do not bind this user.");
            return;
        }

        var workspace = NewWorkspace();
        var file = StudyFiles.Function(workspace, trials: 3);
        (await workspace.Tuning("run", file)).MustEndWith(0);
        const UnixFileMode readOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        File.SetUnixFileMode(workspace.StoreDirectory, readOnly);
        File.SetUnixFileMode(workspace.DatabasePath, UnixFileMode.UserRead);
        try
        {
            (await workspace.Tuning("trials", "branin")).MustEndWith(0);
            (await workspace.Tuning("run", file, "--trials", "5")).MustEndWith(4);
        }
        finally
        {
            File.SetUnixFileMode(workspace.StoreDirectory, readOnly | UnixFileMode.UserWrite);
        }
    }

    private static async Task Execute(Workspace workspace, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={workspace.DatabasePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
