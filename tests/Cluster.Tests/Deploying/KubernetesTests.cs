using k8s.Models;
using TuningCluster.Cluster.Tests.Hosting;
using TuningCluster.Shared.Hosting;

namespace TuningCluster.Cluster.Tests.Deploying;

public sealed class KubernetesTests
{
    public static TheoryData<string> Kustomizations => ["single", "ha", "submit"];

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public async Task Every_object_is_one_that_Kubernetes_knows(string name)
    {
        var objects = Manifests.Load(Rendered(name));
        Assert.NotEmpty(objects);
        Assert.Empty(await Manifests.Faults(objects, RepositoryRoot.FolderOf()));
    }

    [Theory]
    [InlineData("replicas: 3", "replcas: 3")]
    [InlineData("readOnlyRootFilesystem: true", "readOnlyRootFileSystem: true")]
    [InlineData("averageValue: \"1\"", "averageValues: \"1\"")]
    public void A_misspelled_field_is_found(string right, string wrong)
    {
        var yaml = Rendered("ha");
        Assert.Contains(right, yaml, StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => Manifests.Load(yaml.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public void No_container_may_more_than_it_must(string name) => Assert.All(Manifests.Containers(Manifests.Load(Rendered(name))), c =>
    {
        var (of, pod, container) = c;
        Assert.True(pod.SecurityContext.RunAsNonRoot == true && pod.AutomountServiceAccountToken == false && pod.EnableServiceLinks == false, of);
        Assert.True(container.SecurityContext is { ReadOnlyRootFilesystem: true, AllowPrivilegeEscalation: false }, of);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.True(container.Resources.Requests.ContainsKey("cpu") && container.Resources.Limits.ContainsKey("memory"), of);
        // Where it writes there is a volume, and each that is mounted is there.
        var volumes = pod.Volumes.Select(v => v.Name).Append("data").ToList();
        Assert.All(container.VolumeMounts, mount => Assert.Contains(mount.Name, volumes));
        Assert.Superset(new HashSet<string> { "/data", "/tmp" }, container.VolumeMounts.Select(m => m.MountPath).ToHashSet());
        // A misspelled setting would end the node at its start.
        Assert.All(container.Env.Select(e => e.Name).Where(n => n.StartsWith("TUNING", StringComparison.Ordinal)), n => Assert.Contains(n, NodeSettings.Names.Select(known => $"TUNING__{known}")));
    });

    [Fact]
    public void Coordinators_name_each_other_and_workers_all_of_them()
    {
        foreach (var (name, replicas) in ((string, int)[])[("single", 1), ("ha", 3)])
        {
            var objects = Manifests.Load(Rendered(name));
            var set = Assert.Single(objects.OfType<V1StatefulSet>());
            Assert.Equal(replicas, set.Spec.Replicas);
            var service = Assert.Single(objects.OfType<V1Service>(), s => s.Metadata.Name == set.Spec.ServiceName);
            Assert.True(service.Spec is { ClusterIP: "None", PublishNotReadyAddresses: true });
            var seeds = string.Join(',', Enumerable.Range(0, replicas).Select(i => $"{set.Metadata.Name}-{i}.{service.Metadata.Name}:{service.Spec.Ports[0].Port}"));
            Assert.Equal(seeds, Setting(Assert.Single(objects.OfType<V1Deployment>()).Spec.Template.Spec, "TUNING__SeedNodes"));
            Assert.Equal(replicas > 1 ? seeds : null, Setting(set.Spec.Template.Spec, "TUNING__SeedNodes"));
            Assert.Equal(replicas > 1, objects.OfType<V1PodDisruptionBudget>().Any(b => b.Metadata.Name == set.Metadata.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public void What_is_not_allowed_is_denied(string name)
    {
        var objects = Manifests.Load(Rendered(name));
        if (name == "submit")
        {
            Assert.All(Manifests.Containers(objects), c => Assert.Equal(["submit"], c.Container.Args.Take(1)));
            return;
        }

        var nothing = Assert.Single(objects.OfType<V1NetworkPolicy>(), p => p.Metadata.Name == "nothing");
        Assert.Equal(["Ingress", "Egress"], nothing.Spec.PolicyTypes);
        Assert.True(nothing.Spec.Ingress is null && nothing.Spec.Egress is null);
        // It is of every pod here: each bears the label.
        Assert.Equal("tuning", nothing.Spec.PodSelector.MatchLabels["app.kubernetes.io/part-of"]);
        Assert.All(objects.OfType<V1StatefulSet>().Select(s => s.Spec.Template).Concat(objects.OfType<V1Deployment>().Select(d => d.Spec.Template)).Concat(objects.OfType<V1Job>().Select(j => j.Spec.Template)),
            template => Assert.Equal("tuning", template.Metadata.Labels["app.kubernetes.io/part-of"]));
        // A probe that asked the database would restart what only has to wait.
        Assert.Equal("/healthz/live", Assert.Single(objects.OfType<V1StatefulSet>()).Spec.Template.Spec.Containers[0].LivenessProbe.HttpGet.Path);
    }

    private static string Rendered(string name) => Manifests.Render(RepositoryRoot.FolderOf("deploy", "kubernetes", name));

    private static string? Setting(V1PodSpec pod, string name) => pod.Containers[0].Env.FirstOrDefault(e => e.Name == name)?.Value;
}
