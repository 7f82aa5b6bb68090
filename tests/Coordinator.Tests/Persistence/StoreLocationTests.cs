using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Persistence.Postgres;
using TuningCluster.Coordinator.Persistence.Sqlite;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Tests.Persistence;

public sealed class StoreLocationTests
{
    [Fact]
    public void Without_a_url_it_is_under_the_working_directory()
    {
        var location = Assert.IsType<SqliteLocation>(StoreLocation.Parse(null, "/srv/me"));
        Assert.Equal("/srv/me/.tuning/studies.db", location.DatabasePath);
        Assert.Equal("/srv/me/.tuning", location.Directory);
        Assert.Equal("/srv/me/.tuning/blobs", location.BlobsDirectory);
        Assert.Equal("/srv/me/.tuning/logs", location.LogsDirectory);
        Assert.Equal("/srv/me/.tuning/lock", location.LockPath);
    }

    [Theory]
    [InlineData("sqlite:a/b.db", "/srv/me/a/b.db")]
    [InlineData("sqlite:/var/b.db", "/var/b.db")]
    [InlineData("SQLITE:b.db", "/srv/me/b.db")]
    [InlineData("a/b.db", "/srv/me/a/b.db")]
    [InlineData("/var/b.db", "/var/b.db")]
    [InlineData("./odd:name.db", "/srv/me/odd:name.db")]
    [InlineData("sqlite:../b.db", "/srv/b.db")]
    public void Paths_are_relative_to_the_working_directory(string url, string path) =>
        Assert.Equal(path, Assert.IsType<SqliteLocation>(StoreLocation.Parse(url, "/srv/me")).DatabasePath);

    [Theory]
    [InlineData("postgres://me@db1/tuning", "postgres://me@db1:5432/tuning")]
    [InlineData("postgresql://db1:6000/tuning?sslmode=verify-full&sslrootcert=/etc/ca.crt", "postgres://db1:6000/tuning")]
    [InlineData("postgres://me@db1/tuning?search%20path=trials", "postgres://me@db1:5432/tuning")]
    public void PostgreSQL_is_a_host_and_a_database(string url, string name)
    {
        var location = Assert.IsType<PostgresLocation>(StoreLocation.Parse(url, "/srv/me"));
        Assert.Equal((name, "/srv/me/.tuning"), (location.ToString(), location.Directory));
    }

    [Theory]
    [InlineData("postgres://me:secret@db/tuning", "bears a password")]
    [InlineData("postgresql://me:secret@db/tuning", "bears a password")]
    [InlineData("postgres://me@db/tuning?password=secret", "bears a password")]
    [InlineData("postgres://me:secret@db", "names no host or no database")]
    [InlineData("postgres:///secret", "names no host or no database")]
    [InlineData("postgres://db/secret/more", "names no host or no database")]
    [InlineData("postgres://db/tuning?sslmod=secret", "has 'sslmod', which is no setting of a connection")]
    [InlineData("postgres://db/tuning?sslmode=secret", "has 'sslmode', which is no setting of a connection or cannot be that")]
    public void What_is_wrong_with_an_address_is_told_without_what_may_be_a_password(string url, string says)
    {
        var refused = Assert.Throws<StoreException>(() => StoreLocation.Parse(url, "/srv/me"));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message + refused.Hint, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Hint);
    }

    [Theory]
    [InlineData("mysql://db")]
    [InlineData("sqlite:")]
    [InlineData("sqlite:a/")]
    [InlineData("sqlite:///var/b.db")]
    [InlineData("")]
    [InlineData("/")]
    public void What_names_no_file_is_refused_with_what_to_type(string url) =>
        Assert.Contains("sqlite:PATH", Assert.Throws<StoreException>(() => StoreLocation.Parse(url, "/srv/me")).Hint, StringComparison.Ordinal);

    [Fact]
    public void A_directory_is_refused()
    {
        using var store = new TestStore();
        Assert.Contains("is a directory", Assert.Throws<StoreException>(() => StoreLocation.Parse(store.Folder, "/")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_leads_to_the_lock_of_the_database_it_points_at()
    {
        using var store = new TestStore();
        StudyStore.OpenForWriting(store.Location).Dispose();
        File.CreateSymbolicLink(Path.Combine(store.Folder, "link.db"), store.Location.DatabasePath);
        Assert.Equal(store.Location, StoreLocation.Parse("sqlite:link.db", store.Folder));
    }
}
