namespace TuningCluster.Architecture.Tests.Planted.Lower;

// A room that nobody above may use; CheckerTests looks for every way to use it all the same.
internal interface IThing;

internal class Thing : IThing
{
    public static readonly int Count = 1;

    public static void Act()
    {
    }
}

internal sealed class ThingException : Exception;

[AttributeUsage(AttributeTargets.All)]
internal sealed class ThingAttribute : Attribute;
