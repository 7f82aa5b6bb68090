namespace TuningCluster.Shared.Protocol;

/// <summary>A coordinator that stands by → the active one: where is your API? Answered with <see cref="ActiveAt"/> once that serves, and not before.</summary>
public sealed record FindActive : IWireMessage;

/// <param name="Api">URL of the active coordinator's HTTP API.</param>
public sealed record ActiveAt(string Api) : IWireMessage;
