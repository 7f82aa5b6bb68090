namespace TuningCluster.Architecture.Tests;

/// <summary>Inside a process rooms use the rooms below them: Hosting → Actors, Api → Studies, Training → Search, Pruning, Networks → Kernels.</summary>
public sealed class RoomArrowTests
{
    /// <summary>A room, and what it must not use. Rooms that are still empty break nothing.</summary>
    public static readonly TheoryData<string, string[]> CoordinatorRooms = new()
    {
        { "Search", ["Pruning", "Studies", "Leasing", "Views", "Actors", "Persistence", "Api", "Dashboard", "Cli", "Hosting"] },
        { "Pruning", ["Studies", "Leasing", "Views", "Actors", "Persistence", "Api", "Dashboard", "Cli", "Hosting"] },
        { "Studies", ["Views", "Actors", "Persistence", "Api", "Dashboard", "Cli", "Hosting"] },
        { "Leasing", ["Views", "Actors", "Persistence", "Api", "Dashboard", "Cli", "Hosting"] },
        { "Views", ["Actors", "Persistence", "Api", "Dashboard", "Cli", "Hosting"] },
        { "Persistence", ["Dashboard", "Cli", "Hosting"] },
        { "Actors", ["Dashboard", "Cli", "Hosting"] },
        { "Api", ["Actors", "Cli"] },
        { "Dashboard", ["Actors", "Cli"] },
        { "Cli", ["Actors"] },
    };

    public static readonly TheoryData<string, string[]> TrialWorkerRooms = new()
    {
        { "Kernels", ["Networks", "Optimizers", "Data", "Training", "Objectives", "Actors", "Hosting"] },
        { "Networks", ["Training", "Objectives", "Actors", "Hosting"] },
        { "Optimizers", ["Data", "Training", "Objectives", "Actors", "Hosting"] },
        { "Data", ["Networks", "Optimizers", "Training", "Objectives", "Actors", "Hosting"] },
        { "Training", ["Actors", "Hosting"] },
        { "Objectives", ["Actors", "Hosting"] },
        { "Actors", ["Hosting"] },
    };

    [Theory]
    [MemberData(nameof(CoordinatorRooms))]
    public void A_room_of_the_coordinator_uses_no_room_above_it(string room, string[] above) => Check(House.Coordinator, room, above);

    [Theory]
    [MemberData(nameof(TrialWorkerRooms))]
    public void A_room_of_the_worker_uses_no_room_above_it(string room, string[] above) => Check(House.TrialWorker, room, above);

    private static void Check(string process, string room, string[] above) => House.Forbids(
        $"{process}.{room} must not use {string.Join(", ", above)}.",
        u => u.IsFrom($"{process}.{room}") && u.IsOf([.. above.Select(a => $"{process}.{a}")]));
}
