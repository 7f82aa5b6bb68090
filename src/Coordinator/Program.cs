using TuningCluster.Coordinator.Cli;
using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Hosting;

if (args is ["run", ..])
{
    Preload.Start();
}

// Stdout is for data alone: what a library prints on its own goes to stderr.
var terminal = Terminal.OfProcess();
Console.SetOut(Console.Error);

var directory = Environment.CurrentDirectory;
var command = string.Join(' ', args.Prepend("tuning"));
var time = TimeProvider.System;
var services = new CliServices
{
    OpenStore = url => new StoreGateway(new StoreJournals(StoreLocation.Parse(url, directory), command, time), Study.Apply),
    RunCoordinator = (options, cancel) =>
    {
        TuningLog.ToStandardError();
        return CoordinatorNode.Run(options, directory, command, time, cancel);
    },
    RunHost = () => new LocalRun(directory, command, time),
    DataInspector = LocalNode.CreateInspector,
    TrialTable = TrialTable.Read,
    DemoStudy = () => DemoStudy.Text,
    WriteStudyFile = LocalNode.WriteStudyFile,
    WorkingDirectory = directory,
    Time = time,
};
return await TuningCommand.Invoke(args, services, terminal);
