using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Collects what several steps refuse that do not depend on one another.</summary>
internal sealed class DataFaults
{
    private readonly List<SpecError> _errors = [];

    public void Add(SpecError error) => _errors.Add(error);

    /// <summary>What a step gives; null when it refuses.</summary>
    public T? Try<T>(Func<T> step)
        where T : class
    {
        try
        {
            return step();
        }
        catch (SpecException fault)
        {
            _errors.AddRange(fault.Errors);
            return null;
        }
    }

    /// <exception cref="SpecException">Any step refused; all that they said.</exception>
    public void ThrowAny()
    {
        if (_errors.Count > 0)
        {
            throw new SpecException(_errors);
        }
    }
}
