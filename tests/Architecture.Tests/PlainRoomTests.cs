namespace TuningCluster.Architecture.Tests;

/// <summary>The rooms that decide and calculate are plain C#: no actors, no logger, no network, no clock of their own, no files.</summary>
public sealed class PlainRoomTests
{
    public static readonly TheoryData<string> Plain = new(
        "TuningCluster.Coordinator.Search",
        "TuningCluster.Coordinator.Pruning",
        "TuningCluster.Coordinator.Studies",
        "TuningCluster.Coordinator.Leasing",
        "TuningCluster.Coordinator.Views",
        "TuningCluster.TrialWorker.Kernels",
        "TuningCluster.TrialWorker.Networks",
        "TuningCluster.TrialWorker.Optimizers",
        "TuningCluster.TrialWorker.Data",
        "TuningCluster.TrialWorker.Training");

    [Theory]
    [MemberData(nameof(Plain))]
    public void A_plain_room_logs_nothing(string room) =>
        House.Forbids($"{room} must not log.", u => u.IsFrom(room) && Forbidden.Loggers(u));

    [Theory]
    [MemberData(nameof(Plain))]
    public void A_plain_room_knows_no_network(string room) =>
        House.Forbids($"{room} must not use the network.", u => u.IsFrom(room) && Forbidden.Network(u));

    [Theory]
    [MemberData(nameof(Plain))]
    public void A_plain_room_is_handed_its_clock(string room) =>
        House.Forbids($"{room} must take a TimeProvider.", u => u.IsFrom(room) && Forbidden.Clocks(u));

    [Theory]
    [MemberData(nameof(Plain))]
    public void A_plain_room_touches_files_only_to_load_data_and_keep_checkpoints(string room) =>
        House.Forbids($"{room} must not touch files.", u => u.IsFrom(room) && Forbidden.Files(u) && !MayTouchFiles(u.From));

    [Fact]
    public void Only_actors_hosting_persistence_and_serialization_know_Akka() => House.Forbids(
        "Only Actors, Hosting, Persistence and Protocol.Serialization may use Akka.",
        u => Forbidden.Actors(u) && !u.IsFrom(
            "TuningCluster.Coordinator.Actors",
            "TuningCluster.Coordinator.Hosting",
            "TuningCluster.Coordinator.Persistence",
            "TuningCluster.TrialWorker.Actors",
            "TuningCluster.TrialWorker.Hosting",
            "TuningCluster.Shared.Hosting",
            "TuningCluster.Shared.Protocol.Serialization"));

    private static bool MayTouchFiles(string type) =>
        type.StartsWith("TuningCluster.TrialWorker.Data.", StringComparison.Ordinal)
        || (type.StartsWith("TuningCluster.TrialWorker.Training.", StringComparison.Ordinal) && type.Contains("Checkpoint", StringComparison.Ordinal));
}
