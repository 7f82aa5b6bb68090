using System.Diagnostics;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NJsonSchema;

namespace TuningCluster.Cluster.Tests.Deploying;

/// <summary>The Kubernetes objects of a kustomization, and what is wrong with them.</summary>
internal static class Manifests
{
    private const string Schemas = "../shared/kubernetes-schema.json";

    /// <summary>Where <c>kubectl kustomize</c> is missing the test is skipped.</summary>
    public static string Render(string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : throw new InvalidOperationException($"kubectl kustomize {folder}: {error.Result}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("kubectl is not on the PATH.");
            throw;
        }
    }

    /// <summary>The objects, as their types have them.</summary>
    /// <exception cref="YamlDotNet.Core.YamlException">One has a field that its kind does not know, or of another type.</exception>
    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Load(string yaml) => [.. KubernetesYaml.LoadAllFromString(yaml, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()];

    /// <summary>Against Kubernetes' own schema, where it lies beside the repository; it knows required fields too.</summary>
    public static async Task<IReadOnlyList<string>> Faults(IReadOnlyList<IKubernetesObject<V1ObjectMeta>> objects, string repository)
    {
        var path = Path.Combine(repository, Schemas);
        if (!File.Exists(path))
        {
            return [];
        }

        var all = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        var faults = new List<string>();
        foreach (var of in objects.GroupBy(o => $"{o.ApiVersion}/{o.Kind}"))
        {
            var root = all["x-roots"]![of.Key]?.GetValue<string>();
            Assert.True(root is not null, $"There is no schema of {of.Key}.");
            var schema = await JsonSchema.FromJsonAsync(new JsonObject { ["$ref"] = $"#/definitions/{root}", ["definitions"] = all["definitions"]!.DeepClone() }.ToJsonString());
            faults.AddRange(of.SelectMany(o => schema.Validate(KubernetesJson.Serialize(o)).Select(fault => $"{o.Kind} {o.Metadata.Name}: {fault}")));
        }

        return faults;
    }

    /// <summary>Every container, with the pod it is of.</summary>
    public static IEnumerable<(string Of, V1PodSpec Pod, V1Container Container)> Containers(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects) =>
        from o in objects
        let pod = o switch
        {
            V1StatefulSet set => set.Spec.Template.Spec,
            V1Deployment deployment => deployment.Spec.Template.Spec,
            V1Job job => job.Spec.Template.Spec,
            _ => null,
        }
        where pod is not null
        from container in pod.Containers
        select ($"{o.Kind} {o.Metadata.Name}", pod, container);
}
