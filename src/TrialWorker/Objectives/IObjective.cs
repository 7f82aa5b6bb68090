using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>What a trial runs on its own thread.</summary>
public interface IObjective
{
    /// <summary>Runs one attempt to its end.</summary>
    /// <param name="job">What to train.</param>
    /// <param name="report">Called after each step with its intermediate value; cheap, never throws.</param>
    /// <param name="stop">Checked at least once a mini-batch: cancel, prune, drain.</param>
    /// <returns>The outcome; never <see cref="TrialOutcome.Pruned"/> or <see cref="TrialOutcome.Released"/>, which are the actor's.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    TrialOutcome Run(TrialJob job, Action<IntermediateValue> report, CancellationToken stop);
}

/// <summary>Makes the objective of a study once and shares it between its trials (data is loaded once a worker).</summary>
public interface IObjectiveFactory
{
    /// <exception cref="Exception">The data is missing or does not fit; the trial fails with <see cref="FailureReason.BadData"/>.</exception>
    IObjective Create(string studyId, StudySpec spec);

    /// <summary>Whoever takes up an unfinished trial goes on from its last checkpoint, wherever that is: when this returns.</summary>
    /// <exception cref="IOException">It could not be brought to where other workers look.</exception>
    void Share(string studyId, int number);

    /// <summary>What unfinished attempts at a trial left behind is not needed any more.</summary>
    void Discard(string studyId, int number);

    /// <summary>What the trials below a number left for others to go on from is not needed any more.</summary>
    void Sweep(string studyId, int below);
}
