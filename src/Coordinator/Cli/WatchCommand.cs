using System.CommandLine;
using System.Net.ServerSentEvents;
using System.Text.Json;
using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning watch NAME --to URL</c>: tells what happens to a study until it ends.</summary>
internal static class WatchCommand
{
    /// <summary>Between two attempts to hear a coordinator again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create(CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var to = Verb.Coordinator();
        var command = new Command("watch", "Tells what happens to a study of a coordinator, until it ends; Ctrl-C ends the watching alone.") { name, to };
        command.SetAction(async (parsed, cancel) =>
        {
            var cluster = services.OpenCluster(parsed.GetRequiredValue(to)!);
            var studyName = parsed.GetRequiredValue(name);
            var study = await cluster.Show(studyName, cancel).ConfigureAwait(false) ?? throw await Verb.Unknown(studyName, cluster, cancel).ConfigureAwait(false);
            long last = 0;
            var told = false;
            while (study.Reason is null)
            {
                try
                {
                    await Follow(cluster, studyName, last, number => last = number, terminal, cancel).ConfigureAwait(false);
                    study = await cluster.Show(studyName, cancel).ConfigureAwait(false) ?? throw await Verb.Unknown(studyName, cluster, cancel).ConfigureAwait(false);
                    told = false;
                }
                catch (Exception gone) when (gone is IOException or StoreException)
                {
                    // It may be moving, or be started again: its studies go on then, and so does this.
                    if (!told)
                    {
                        terminal.Error.WriteLine($"The coordinator is gone ({gone.Message.TrimEnd('.')}); trying again until it is back. Ctrl-C ends the watching alone.");
                    }

                    told = true;
                    await Task.Delay(Pause, services.Time, cancel).ConfigureAwait(false);
                }
            }

            terminal.Error.WriteLine(study.Reason);
            return study.Best.Count > 0 ? ExitCode.Done : ExitCode.NoUsableTrial;
        });
        return command;
    }

    /// <param name="last">Number of the last event known.</param>
    /// <param name="heard">Told the number of each event, since the connection may break after any.</param>
    private static async Task Follow(HttpGateway cluster, string study, long last, Action<long> heard, Terminal terminal, CancellationToken cancel)
    {
        await using var stream = await cluster.Events(study, last, cancel).ConfigureAwait(false) ?? throw await Verb.Unknown(study, cluster, cancel).ConfigureAwait(false);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var items = SseParser.Create(stream).EnumerateAsync(silence.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await Next(items, silence, cancel).ConfigureAwait(false) is { } item)
        {
            if (item.EventType == EventStream.Alive)
            {
                continue;
            }

            using var json = JsonDocument.Parse(item.Data);
            heard(json.RootElement.GetProperty("sequence").GetInt64());
            if (Line(item.EventType, json.RootElement) is { } line)
            {
                terminal.Error.WriteLine(line);
            }

            if (item.EventType == "studyFinished")
            {
                break;
            }
        }
    }

    /// <summary>Null at the stream's end.</summary>
    /// <exception cref="IOException">Nothing was heard for too long: the other end may be gone.</exception>
    private static async Task<SseItem<string>?> Next(IAsyncEnumerator<SseItem<string>> items, CancellationTokenSource silence, CancellationToken cancel)
    {
        silence.CancelAfter(EventStream.Silence);
        try
        {
            return await items.MoveNextAsync().ConfigureAwait(false) ? items.Current : null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"it was silent for {EventStream.Silence.TotalSeconds} s");
        }
    }

    private static string? Line(string type, JsonElement e)
    {
        string Number() => $"trial {e.GetProperty("number").GetInt32()}";
        string? Text(string key) => e.TryGetProperty(key, out var value) ? value.ToString() : null;
        return type switch
        {
            "trialStarted" => $"{Number()} starts on {Text("worker")}",
            "trialCompleted" => $"{Number()} complete: {Numbers.Short(e.GetProperty("value").GetDouble())}",
            "trialPruned" => $"{Number()} pruned at step {Text("step")}",
            "trialFailed" => $"{Number()} failed: {Text("reason")}",
            "trialDiverged" => $"{Number()} diverged: {Text("reason")}",
            "trialCancelled" => $"{Number()} cancelled: {Text("reason")}",
            "trialReleased" => $"{Number()} is handed back: {Text("reason")}",
            "studyPaused" => "the study is paused",
            "studyResumed" => "the study goes on",
            "studyExtended" => "the budget is another",
            _ => null,
        };
    }
}
