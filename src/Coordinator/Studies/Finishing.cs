using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>The end of a study: the best weights meet the test part once, the others are let go.</summary>
public static class Finishing
{
    /// <summary>Scores the best trial; runs off the mailbox.</summary>
    /// <param name="state">The study, nothing in flight.</param>
    /// <param name="runner">Uses the weights.</param>
    /// <param name="note">Told when there is no score, and why.</param>
    public static FinishStudy Score(StudyState state, IModelRunner runner, Action<string> note)
    {
        if (state.BestTrial is not { Model: { } model } best)
        {
            return new FinishStudy(Trial.NoMetrics);
        }

        try
        {
            return new FinishStudy(runner.ScoreTest(state.Spec, best.Parameters, model));
        }
        catch (Exception e) when (e is BlobMissingException or IOException or InvalidDataException or Shared.Studies.SpecException)
        {
            // The study's values stand without it; losing them over a missing file would be worse.
            note($"trial {best.Number} could not be scored on the test part: {e.Message}");
            return new FinishStudy(Trial.NoMetrics);
        }
    }

    /// <summary>Lets go of every weight but the best trial's.</summary>
    public static void ReleaseSuperseded(StudyState state, IBlobStore blobs)
    {
        foreach (var trial in state.Trials.Where(t => t.State == TrialState.Complete && t.Model is not null && t.Model != state.BestTrial?.Model))
        {
            blobs.Release(state.Id, trial.Model!);
        }
    }
}
