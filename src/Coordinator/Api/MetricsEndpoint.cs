using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Api;

/// <summary>What Prometheus scrapes, and an autoscaler goes by.</summary>
internal static class MetricsEndpoint
{
    public static void Map(WebApplication app)
    {
        // A registry of this server's own: two servers of one process say each its own.
        var registry = Metrics.NewCustomRegistry();
        var metrics = Metrics.WithCustomRegistry(registry);
        metrics.CreateGauge("tuning_coordinator_active", "Whether this coordinator is the one that decides.").Set(1);
        var pending = metrics.CreateGauge("tuning_trials_pending", "Trials that would start at once, were there slots for them.");
        var wanted = metrics.CreateGauge("tuning_slots_wanted", "Slots that would be busy, were there as many: those that are, and one a pending trial.");
        var trials = metrics.CreateGauge("tuning_trials", "Trials of a study by state.", "study", "state");
        var workers = metrics.CreateGauge("tuning_workers", "Workers that were heard of within a lease.");
        var slots = metrics.CreateGauge("tuning_worker_slots", "Trials that those workers train at a time.");
        var busy = metrics.CreateGauge("tuning_worker_slots_busy", "Trials that they hold.");
        var host = app.Services.GetRequiredService<IStudyHost>();
        registry.AddBeforeCollectCallback(async cancel =>
        {
            var studies = host.Load;
            pending.Set(studies.Sum(study => study.Pending));
            foreach (var labels in trials.GetAllLabelValues().Where(labels => studies.All(study => study.Study != labels[0])).ToList())
            {
                trials.RemoveLabelled(labels);
            }

            foreach (var study in studies)
            {
                foreach (var (state, count) in study.Counts)
                {
                    trials.WithLabels(study.Study, state).Set(count);
                }
            }

            var heard = (await host.Workers(cancel).ConfigureAwait(false)).Where(worker => worker.HeartbeatAge < EngineOptions.DefaultLease).ToList();
            workers.Set(heard.Count);
            slots.Set(heard.Sum(worker => worker.Slots));
            busy.Set(heard.Sum(worker => worker.Running));
            wanted.Set(pending.Value + busy.Value);
        });
        app.MapMetrics("/metrics", registry);
    }
}
