namespace TuningCluster.Shared.SearchSpaces;

/// <summary>A condition between parameters that every suggestion fulfils, such as <c>width * layers &lt;= 512</c>.</summary>
/// <param name="Text">As in the study file. Two constraints are equal when their texts are.</param>
public abstract record ParameterConstraint(string Text)
{
    /// <summary>Whether it holds. One that names a parameter which is not active always does.</summary>
    /// <param name="values">The active values of a trial.</param>
    public abstract bool Holds(IReadOnlyDictionary<string, ParameterValue> values);
}
