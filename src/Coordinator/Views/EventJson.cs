using System.Text.Json.Nodes;
using TuningCluster.Coordinator.Studies;

namespace TuningCluster.Coordinator.Views;

/// <summary>Events as JSON, for who watches a study. The names are a contract; fields may be added.</summary>
public static class EventJson
{
    /// <summary>The type's word and what is in the event; <c>sequence</c>, <c>type</c>, <c>at</c> and <c>elapsedSeconds</c> first.</summary>
    public static JsonObject Write(NumberedEvent numbered)
    {
        var e = numbered.Event;
        var json = new JsonObject
        {
            ["sequence"] = numbered.Sequence,
            ["type"] = Word(e),
            ["at"] = ViewJson.Time(e.At),
            ["elapsedSeconds"] = e.Elapsed.TotalSeconds,
        };
        if (e is TrialEvent trial)
        {
            json["number"] = trial.Number;
        }

        switch (e)
        {
            case StudyCreated created:
                (json["id"], json["name"], json["prior"]) = (created.Id, created.Spec.Name, created.Prior.Count);
                break;
            case TrialSuggested suggested:
                (json["parameters"], json["enqueued"], json["historySequence"], json["sampler"]) =
                    (ViewJson.Parameters(suggested.Parameters), suggested.Enqueued, suggested.HistorySequence, suggested.Sampler);
                if (suggested.CopyOf is { } original)
                {
                    json["copyOf"] = original;
                }

                break;
            case TrialStarted started:
                (json["attempt"], json["worker"]) = (started.Attempt, started.Worker);
                break;
            case ReportsRecorded recorded:
                (json["attempt"], json["intermediate"]) = (recorded.Attempt, ViewJson.Curve(recorded.Values));
                break;
            case TrialCompleted completed:
                (json["attempt"], json["value"], json["metrics"], json["intermediate"]) =
                    (completed.Attempt, ViewJson.Number(completed.Value), ViewJson.Metrics(completed.Metrics), ViewJson.Curve(completed.Curve));
                break;
            case TrialPruned pruned:
                (json["attempt"], json["step"], json["intermediate"]) = (pruned.Attempt, pruned.Step, ViewJson.Curve(pruned.Curve));
                break;
            case TrialPaused paused:
                (json["attempt"], json["step"], json["intermediate"]) = (paused.Attempt, paused.Step, ViewJson.Curve(paused.Curve));
                break;
            case TrialFailed failed:
                (json["attempt"], json["reason"]) = (failed.Attempt, failed.Message);
                break;
            case TrialDiverged diverged:
                (json["attempt"], json["step"], json["reason"]) = (diverged.Attempt, diverged.Step, diverged.Message);
                break;
            case TrialCancelled cancelled:
                json["reason"] = cancelled.Reason;
                break;
            case TrialReleased released:
                (json["attempt"], json["cause"], json["reason"]) = (released.Attempt, Camel(released.Cause.ToString()), released.Message);
                break;
            case TrialEnqueued enqueued:
                (json["parameters"], json["retryOf"]) = (ViewJson.Parameters(enqueued.Parameters), enqueued.RetryOf);
                break;
            case StudyPaused paused:
                json["reason"] = paused.Reason;
                break;
            case StudyExtended extended:
                json["budget"] = ViewJson.Budget(extended.Budget);
                break;
            case ReevaluationBegun begun:
                (json["reason"], json["trials"]) = (Camel(begun.Reason.ToString()), new JsonArray([.. begun.Trials.Select(n => JsonValue.Create(n))]));
                break;
            case StudyFinished finished:
                (json["reason"], json["best"], json["testMetrics"]) = (Camel(finished.Reason.ToString()), finished.Best, ViewJson.Metrics(finished.TestMetrics));
                break;
        }

        return json;
    }

    /// <summary>Such as <c>trialCompleted</c>.</summary>
    public static string Word(StudyEvent e) => Camel(e.GetType().Name);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
