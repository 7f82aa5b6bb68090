namespace TuningCluster.TestKit.Simulation;

/// <summary>When the user acts.</summary>
public enum UserMoment
{
    /// <summary>So long after the step before.</summary>
    Later,

    /// <summary>While the best trial is being scored: the study is done and not finished.</summary>
    WhileFinishing,

    /// <summary>The study is finished.</summary>
    AfterTheEnd,
}

public enum UserDeed
{
    Pause,
    Resume,
    Stop,

    /// <summary>More trials, no other limit.</summary>
    Extend,

    /// <summary>Fewer trials than planned.</summary>
    Shorten,

    /// <summary>Failed trials are run again.</summary>
    RetryFailed,

    /// <summary>A wider space, and more trials.</summary>
    Widen,
}

/// <summary>The user does something, again and again until it has taken effect.</summary>
public sealed record UserStep(UserMoment Moment, TimeSpan Delay, UserDeed Deed, int Amount);
