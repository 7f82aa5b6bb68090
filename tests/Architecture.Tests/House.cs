using System.Reflection;
using TuningCluster.Architecture.Tests.Reading;

namespace TuningCluster.Architecture.Tests;

/// <summary>The three assemblies of the product, and everything their types use.</summary>
internal static class House
{
    public const string Shared = "TuningCluster.Shared";
    public const string Coordinator = "TuningCluster.Coordinator";
    public const string TrialWorker = "TuningCluster.TrialWorker";

    public const string SharedAssembly = "TuningCluster.Shared";
    public const string CoordinatorAssembly = "tuning";
    public const string TrialWorkerAssembly = "trial-worker";

    private static readonly Lazy<List<Use>> AllUses = new(() =>
    [
        .. new[] { SharedAssembly, CoordinatorAssembly, TrialWorkerAssembly }.SelectMany(a => AssemblyUses.Read(Assembly.Load(a).Location)),
    ]);

    public static IReadOnlyList<Use> Uses => AllUses.Value;

    /// <summary>Fails, naming every offender, when a use in the product breaks the rule.</summary>
    public static void Forbids(string rule, Func<Use, bool> broken) => Forbid(Uses, rule, broken);

    public static void Forbid(IEnumerable<Use> uses, string rule, Func<Use, bool> broken) =>
        Rule.HasNoOffender(rule, uses.Where(broken).Select(u => u.ToString()));
}
