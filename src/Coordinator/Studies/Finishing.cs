using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>The end of a study: the best weights meet the test part once, the others are let go. Runs off the mailbox.</summary>
public static class Finishing
{
    /// <summary>Lets go of superseded weights, scores the best trial and asks for the end.</summary>
    /// <param name="state">The study, nothing in flight.</param>
    /// <param name="runner">Uses the weights.</param>
    /// <param name="blobs">Holds them.</param>
    /// <param name="note">Told when there is no score or something could not be deleted, and why.</param>
    public static FinishStudy Finish(StudyState state, IModelRunner runner, IBlobStore blobs, Action<string> note)
    {
        // Before the end is in the journal: afterwards the process may be gone before it is done.
        ReleaseSuperseded(state, blobs, note);
        return Score(state, runner, note);
    }

    private static FinishStudy Score(StudyState state, IModelRunner runner, Action<string> note)
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

    private static void ReleaseSuperseded(StudyState state, IBlobStore blobs, Action<string> note)
    {
        try
        {
            var kept = (state.Spec.FurtherObjectives.Count > 0 ? TrialWorth.Front(state).Select(t => t.Model)
                // Should the study go on, another one of them may be the best at its next end.
                : state.Spec.Reevaluate is not null ? Reevaluation.Candidates(state).Select(number => state.Trials[number].Model).Append(state.BestTrial?.Model)
                : [state.BestTrial?.Model]).ToHashSet(StringComparer.Ordinal);
            foreach (var trial in state.Trials.Where(t => t.State == TrialState.Complete && t.Model is not null && !kept.Contains(t.Model)))
            {
                blobs.Release(state.Id, trial.Model!);
            }

            // What complete trials left stays: should the study go on, its next ones begin there.
            blobs.ReleaseCheckpoints(owner => owner.Study == state.Id && !owner.IsLeft && state.Trials.Count > owner.Number && state.Trials[owner.Number].State.IsFinal());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            note($"weights that are no longer needed could not be deleted: {e.Message}");
        }
    }
}
