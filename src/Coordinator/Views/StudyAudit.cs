using TuningCluster.Coordinator.Studies;

namespace TuningCluster.Coordinator.Views;

/// <summary>Proves from a study's raw events that its promises held.</summary>
/// <remarks>
/// Has a fold of its own and shares none of <c>Study.Apply</c>: a proof by the code it is to judge would prove nothing. It never
/// throws on a damaged journal; whatever does not fit becomes a fault.
/// </remarks>
public static class StudyAudit
{
    /// <summary>What is checked, one sentence each.</summary>
    public static readonly IReadOnlyList<string> Promises =
    [
        "The journal begins with the creation of the study, and time never runs backwards.",
        "Trial numbers run from 0 without a gap.",
        "Every trial has at most one outcome, and exactly one once the study is finished.",
        "Every start opens the next attempt of a trial that no worker holds, under a lease of its own.",
        "Every outcome, report and release belongs to the attempt that was leased.",
        "Every suggestion was drawn from a history the journal already held.",
        "All parameters lie inside the search space, which only became wider, and fulfil the constraints on them.",
        "All values are finite.",
        "The budget was neither overshot nor undershot, and the study ended for the reason it names.",
        "Every trial that goes on from another was suggested when that one was complete, and trained from its last step to its own.",
        "No grid point was tried twice, and an exhausted grid was tried whole.",
        "The best trial named at the end is the true best of the journal.",
        "The trials trained again at the end are the best ones, each as often as asked for, and the best mean of theirs is named.",
        "Failed trials that are run again are so once each, with the same parameters, and count no more.",
        "Nothing happened after the end but an extension, a wider space or failed trials to be run again.",
    ];

    /// <param name="events">The whole journal, in order.</param>
    /// <param name="id">Names the study when its journal does not.</param>
    public static AuditReport Run(IReadOnlyList<StudyEvent> events, string? id = null)
    {
        var faults = new List<string>();
        var study = new AuditedStudy(faults);
        for (var i = 0; i < events.Count; i++)
        {
            study.Read(i + 1, events[i]);
        }

        if (events.Count == 0)
        {
            faults.Add("The journal is empty.");
        }

        id = study.Id ?? id ?? "unknown";
        var name = id.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? id[..dot] : id;
        return new AuditReport(name, id, events.Count, study.TrialCount, Promises, faults);
    }
}
