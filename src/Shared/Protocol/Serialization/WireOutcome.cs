using TuningCluster.Shared.Trials;
using static TuningCluster.Shared.Protocol.Serialization.WireValues;

namespace TuningCluster.Shared.Protocol.Serialization;

/// <summary>How an attempt ended, to <c>wire.proto</c> and back.</summary>
internal static class WireOutcome
{
    public static Wire.Outcome WriteOutcome(TrialOutcome outcome)
    {
        var written = new Wire.Outcome { Curve = Write(outcome.Curve), Metrics = { Write(outcome.Metrics) } };
        switch (outcome)
        {
            case TrialOutcome.Completed completed:
                written.Completed = new Wire.Outcome.Types.Completed { Value = completed.Value };
                if (completed.Model is { } model)
                {
                    written.Completed.Model = model;
                }

                break;
            case TrialOutcome.Diverged diverged:
                written.Diverged = new Wire.Outcome.Types.Diverged { Step = diverged.Step, Message = diverged.Message };
                break;
            case TrialOutcome.Failed failed:
                written.Failed = new Wire.Outcome.Types.Failed { Reason = Write(failed.Reason), Message = failed.Message };
                break;
            case TrialOutcome.Pruned pruned:
                written.Pruned = new Wire.Outcome.Types.Pruned { Step = pruned.Step };
                break;
            case TrialOutcome.Paused paused:
                written.Paused = new Wire.Outcome.Types.Paused { Step = paused.Step };
                break;
            case TrialOutcome.Released released:
                written.Released = new Wire.Outcome.Types.Released { Message = released.Message };
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(outcome), outcome.GetType(), "Has no place in wire.proto.");
        }

        return written;
    }

    public static TrialOutcome ReadOutcome(Wire.Outcome? written)
    {
        TrialOutcome outcome = Required(written, "outcome").KindCase switch
        {
            Wire.Outcome.KindOneofCase.Completed => new TrialOutcome.Completed(
                Required(written!.Completed.HasValue, written.Completed.Value, "value"),
                written.Completed.HasModel ? written.Completed.Model : null),
            Wire.Outcome.KindOneofCase.Diverged => new TrialOutcome.Diverged(written!.Diverged.Step, written.Diverged.Message),
            Wire.Outcome.KindOneofCase.Failed => new TrialOutcome.Failed(Read(written!.Failed.Reason), written.Failed.Message),
            Wire.Outcome.KindOneofCase.Pruned => new TrialOutcome.Pruned(written!.Pruned.Step),
            Wire.Outcome.KindOneofCase.Paused => new TrialOutcome.Paused(written!.Paused.Step),
            Wire.Outcome.KindOneofCase.Released => new TrialOutcome.Released(written!.Released.Message),
            var other => throw Unknown("outcome", other),
        };
        return outcome with { Curve = Read(written!.Curve), Metrics = Read(written.Metrics) };
    }
}
