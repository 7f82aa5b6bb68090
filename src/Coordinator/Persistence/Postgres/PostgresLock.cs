using Npgsql;
using Serilog;

namespace TuningCluster.Coordinator.Persistence.Postgres;

/// <summary>An advisory lock of a session; the server releases it when the session ends, and looks after a silent one every few seconds.</summary>
/// <remarks>
/// While the database is down nobody holds it. Its holder takes it again when the database is back; who finds it taken by another process
/// then has lost it. What is written in between the journal's uniqueness decides.
/// </remarks>
internal sealed class PostgresLock : StoreLock
{
    /// <summary>"Tune".</summary>
    private const int Class = 0x54756E65;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly PostgresLocation _location;
    private readonly StoreOwner _owner;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private bool _isDisposed;
    private NpgsqlConnection _session;
    private int _process;

    private PostgresLock(PostgresLocation location, StoreOwner owner, NpgsqlConnection session, TimeProvider time)
    {
        (_location, _owner, _session, _process) = (location, owner, session, session.ProcessID);
        Task.Run(() => Watch(time));
    }

    /// <inheritdoc/>
    public override CancellationToken Lost => _lost.Token;

    /// <inheritdoc cref="StoreLock.Acquire"/>
    public static PostgresLock Acquire(PostgresLocation location, string command, TimeProvider time) => PostgresErrors.Told(location, () =>
    {
        var owner = new StoreOwner(Environment.ProcessId, Environment.MachineName, command, time.GetUtcNow());
        var session = Open(location);
        try
        {
            PostgresSchema.Check(session, location);
            return TryTake(session, owner) ? new PostgresLock(location, owner, session, time) : throw Held(location, OwnerIn(session), null);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    });

    public override void Dispose()
    {
        using (_gate.EnterScope())
        {
            _isDisposed = true;
            _session.Dispose();
        }

        _ended.Cancel();
    }

    private async Task Watch(TimeProvider time)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        var isDown = false;
        while (!_lost.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false);
                using var inUse = _gate.EnterScope();
                if (_isDisposed)
                {
                    return;
                }

                if (isDown)
                {
                    TakeAgain();
                }
                else
                {
                    _session.Scalar("SELECT 1");
                }

                isDown = false;
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                if (!isDown)
                {
                    Log.Warning("The store {Store} is not reachable: {Reason}. What is decided waits until it is back", _location.Name, e.GetBaseException().Message);
                }

                isDown = true;
            }
        }
    }

    private void TakeAgain()
    {
        var session = Open(_location);
        if (!TryTake(session, _owner) && !(OwnerIn(session) == _owner && EndsOwn(session, _process) && TryTake(session, _owner)))
        {
            Log.Fatal("The store {Store} was taken over by {Owner} while it was not reachable. This process ends", _location.Name, OwnerIn(session));
            session.Dispose();
            _lost.Cancel();
            return;
        }

        _session.Dispose();
        (_session, _process) = (session, session.ProcessID);
        Log.Information("The store {Store} is reachable again", _location.Name);
    }

    /// <summary>Our session of before, which the server has not missed yet.</summary>
    private static bool EndsOwn(NpgsqlConnection session, int old) =>
        session.Scalar("SELECT pg_terminate_backend(@old, 2000)", ("@old", old)) is true;

    private static NpgsqlConnection Open(PostgresLocation location)
    {
        var session = location.OpenSession();
        // A holder that is gone without a word is noticed within half a minute.
        session.Execute("SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 25000");
        return session;
    }

    private static bool TryTake(NpgsqlConnection session, StoreOwner owner)
    {
        if (session.Scalar("SELECT pg_try_advisory_lock(@class, hashtext(current_schema()))", ("@class", Class)) is not true)
        {
            return false;
        }

        session.Execute("UPDATE tuning_store SET owner = @owner", ("@owner", owner.ToText()));
        return true;
    }

    private static StoreOwner? OwnerIn(NpgsqlConnection session) => session.Scalar("SELECT owner FROM tuning_store") is string text ? StoreOwner.TryParse(text) : null;
}
