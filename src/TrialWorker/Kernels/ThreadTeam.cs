using System.Runtime.ExceptionServices;

namespace TuningCluster.TrialWorker.Kernels;

/// <summary>Work that can be divided by its items.</summary>
public interface ITeamWork
{
    /// <summary>Does the items from … to.</summary>
    /// <param name="member">Which member of the team: index of its own scratch.</param>
    void Run(int from, int to, int member);
}

/// <summary>A few threads that divide one piece of work after another; the caller is one of them.</summary>
/// <remarks>
/// The division is fixed (member i of t takes items i·n/t … (i+1)·n/t), so that it cannot depend on timing. Between two pieces of work a
/// member spins for some microseconds before it sleeps: the pieces of one mini-batch follow one another at once. For one caller at a time.
/// After construction nothing is allocated but an event's lock, when a thread first sleeps on it.
/// </remarks>
public sealed class ThreadTeam : IDisposable
{
    private const int Spins = 2000;

    private readonly Thread[] _threads;
    private readonly ManualResetEventSlim[] _wake;
    private readonly ManualResetEventSlim _done = new(false, Spins);
    private ITeamWork? _work;
    private int _items;
    private int _left;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isClosed;

    /// <param name="size">Members, the caller included; ≥ 1.</param>
    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _threads = new Thread[size - 1];
        _wake = new ManualResetEventSlim[size - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var member = i + 1;
            _wake[i] = new ManualResetEventSlim(false, Spins);
            _threads[i] = new Thread(() => Serve(member)) { IsBackground = true, Name = $"trial-team-{member}" };
            _threads[i].Start();
        }
    }

    public int Size { get; }

    /// <summary>Does all items and returns when the last is done.</summary>
    /// <exception cref="Exception">What a member threw first.</exception>
    public void Run(ITeamWork work, int items)
    {
        if (_threads.Length == 0 || items < 2)
        {
            work.Run(0, items, 0);
            return;
        }

        (_work, _items, _left, _failure) = (work, items, _threads.Length, null);
        _done.Reset();
        foreach (var wake in _wake)
        {
            wake.Set();
        }

        try
        {
            Part(0);
        }
        finally
        {
            _done.Wait();
        }

        _failure?.Throw();
    }

    public void Dispose()
    {
        _isClosed = true;
        foreach (var wake in _wake)
        {
            wake.Set();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        foreach (var wake in _wake)
        {
            wake.Dispose();
        }

        _done.Dispose();
    }

    private void Part(int member) =>
        _work!.Run((int)((long)_items * member / Size), (int)((long)_items * (member + 1) / Size), member);

    private void Serve(int member)
    {
        var wake = _wake[member - 1];
        while (true)
        {
            wake.Wait();
            wake.Reset();
            if (_isClosed)
            {
                return;
            }

            try
            {
                Part(member);
            }
            catch (Exception failure)
            {
                // Handed to the caller of Run: a thread of ours must not take the process down.
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            }

            if (Interlocked.Decrement(ref _left) == 0)
            {
                _done.Set();
            }
        }
    }
}
