namespace TuningCluster.TrialWorker.Objectives;

/// <summary>Where unfinished trainings wait for the next attempt. All members are safe to call from several threads.</summary>
public interface ICheckpointStore
{
    /// <summary>The last checkpoint of a trial; null without one.</summary>
    byte[]? Find(string study, int number);

    /// <summary>Keeps a checkpoint instead of the trial's last; durable when the call returns.</summary>
    void Keep(string study, int number, byte[] checkpoint);

    /// <summary>Forgets a trial's checkpoint, if there is one.</summary>
    void Remove(string study, int number);
}
