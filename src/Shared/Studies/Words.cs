namespace TuningCluster.Shared.Studies;

/// <summary>How a study file, the command line and the API spell enumerations.</summary>
public static class Words
{
    public static string Of(Direction direction) => direction == Direction.Minimize ? "minimize" : "maximize";

    public static string Of(LearningTask task) => task == LearningTask.Classification ? "classification" : "regression";

    public static string Of(ScaleMethod scale) => scale switch
    {
        ScaleMethod.None => "none",
        ScaleMethod.Standard => "standard",
        _ => "minmax",
    };

    public static string Of(ObjectiveKind kind) => kind switch
    {
        ObjectiveKind.Network => "network",
        ObjectiveKind.Function => "function",
        _ => "external",
    };
}
