namespace TuningCluster.TrialWorker.Objectives;

/// <summary>Where unfinished trainings wait for the next attempt. All members are safe to call from several threads.</summary>
public interface ICheckpointStore
{
    /// <summary>The last checkpoint of a trial; null without one.</summary>
    byte[]? Find(string study, int number);

    /// <summary>Keeps a checkpoint instead of the trial's last; durable when the call returns.</summary>
    void Keep(string study, int number, byte[] checkpoint);

    /// <summary>Other workers find a trial's last checkpoint when this returns; without one, nothing happens.</summary>
    /// <exception cref="IOException">It could not be brought to where they look.</exception>
    void Share(string study, int number);

    /// <summary>Forgets a trial's checkpoint, if there is one.</summary>
    void Remove(string study, int number);

    /// <summary>What a complete trial left for others to go on from; null when it is not here.</summary>
    byte[]? FindLeft(string study, int number);

    /// <summary>Keeps what a trial leaves; apart from its checkpoints, which a late attempt may still write; durable when the call returns.</summary>
    void Leave(string study, int number, byte[] state);

    /// <summary>Forgets what the trials below a number left.</summary>
    void SweepLeft(string study, int below);
}
