using System.Reflection;

namespace TuningCluster.Architecture.Tests;

/// <summary>Coordinator → Shared ← TrialWorker.</summary>
public sealed class ProcessArrowTests
{
    private const string LocalNode = "TuningCluster.Coordinator.Hosting.LocalNode";

    [Theory]
    [InlineData(House.SharedAssembly)]
    [InlineData(House.CoordinatorAssembly)]
    [InlineData(House.TrialWorkerAssembly)]
    public void The_assemblies_of_the_product_load(string name) => Assert.Equal(name, Assembly.Load(name).GetName().Name);

    [Fact]
    public void Both_processes_speak_through_Shared() =>
        Assert.Contains(House.Uses, u => u.Assembly == House.CoordinatorAssembly && u.IsOf(House.Shared));

    [Fact]
    public void Only_LocalNode_lets_the_coordinator_use_the_worker() => House.Forbids(
        $"Only {LocalNode}* may use types of the worker.",
        u => u.Assembly == House.CoordinatorAssembly && u.IsOf(House.TrialWorker) && !u.From.StartsWith(LocalNode, StringComparison.Ordinal));

    [Fact]
    public void The_worker_never_uses_the_coordinator() => House.Forbids(
        "The worker uses no type of the coordinator.",
        u => u.Assembly == House.TrialWorkerAssembly && u.IsOf(House.Coordinator));

    [Fact]
    public void Shared_uses_neither_process() => House.Forbids(
        "Shared uses no type of a process.",
        u => u.Assembly == House.SharedAssembly && u.IsOf(House.Coordinator, House.TrialWorker));
}
