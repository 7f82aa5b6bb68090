using System.Runtime.CompilerServices;
using TuningCluster.Architecture.Tests.Planted.Lower;

namespace TuningCluster.Architecture.Tests.Planted.Upper;

// One type for each place where a use can hide.
internal sealed class AsBase : Thing;

internal sealed class AsInterface : IThing;

internal sealed class AsField
{
    internal readonly List<Thing[]> Things = [];
}

internal sealed record AsParameter(Thing? Thing);

internal sealed class AsConstraint<T>
    where T : IThing;

[Thing]
internal sealed class AsAttribute;

internal static class AsAttributeOfParameter
{
    public static int Same([Thing] int value) => value;
}

internal static class AsStaticCall
{
    public static void Run(int choice)
    {
        // The switch table and the literals around the call must be stepped over correctly.
        switch (choice)
        {
            case 0: Console.Write(1.5); break;
            case 1: Console.Write(3000000000L); break;
            case 2: Console.Write("Thing"); break;
            case 3: Thing.Act(); break;
            case 4: Console.Write('x'); break;
        }
    }
}

internal static class AsStaticField
{
    public static int Count() => Thing.Count;
}

internal static class AsCatch
{
    public static void Run()
    {
        try
        {
            Console.Write("");
        }
        catch (ThingException)
        {
        }
    }
}

internal static class AsTypeOf
{
    public static string Name() => typeof(Thing).Name;
}

internal static class AsTypeArgument
{
    public static int Size() => Unsafe.SizeOf<Thing>();
}

internal static class AsMethodGroup
{
    public static Action Run() => Thing.Act;
}

internal static class InLambda
{
    public static Action Run(int seen) => () =>
    {
        Console.Write(seen);
        Thing.Act();
    };
}

internal static class InAsyncMethod
{
    public static async Task Run()
    {
        await Task.Yield();
        Thing.Act();
    }
}

internal static class InIterator
{
    public static IEnumerable<int> Run()
    {
        yield return 1;
        Thing.Act();
    }
}

internal static class InNestedType
{
    internal static class Inner
    {
        public static void Run() => Thing.Act();
    }
}

internal static unsafe class InFunctionPointer
{
    public static void Run(delegate*<Thing, void> act) => act(null!);
}

internal static class Innocent
{
    public static string Name() => nameof(Thing);
}
