using System.Globalization;
using System.Text;
using TuningCluster.Cluster.Tests.Processes;

namespace TuningCluster.Cluster.Tests.Studies;

/// <summary>Study files, written into a workspace under their study's name.</summary>
internal static class StudyFiles
{
    private const int Rows = 240;

    /// <summary>Branin's function: trials that take no time.</summary>
    public static string Function(Workspace workspace, int trials, int parallel = 2, int seed = 42, string name = "branin") => workspace.Write($"{name}.yaml", Text($$"""
        version: 1
        name: {{name}}
        objective: { kind: function, name: branin }
        parameters:
          x1: { type: float, low: -5, high: 10 }
          x2: { type: float, low: 0, high: 15 }
        strategy: { name: random, seed: {{seed}} }
        budget: { trials: {{trials}} }
        parallel: { trials: {{parallel}} }
        """));

    /// <summary>Small networks on a small data set of the workspace's own.</summary>
    /// <param name="epochs">What a trial costs: about a millisecond each.</param>
    /// <param name="large">They cost twenty times that.</param>
    public static string Network(
        Workspace workspace, int trials, int epochs, int parallel = 2, string learningRate = "low: 1e-3, high: 0.1, log: true", string name = "rings", bool large = false) =>
        Rings(workspace, name, large ? 3 : 1, epochs, learningRate, large ? "low: 256, high: 272" : "low: 4, high: 16", $$"""
        strategy: { name: random, seed: 42 }
        budget: { trials: {{trials}} }
        parallel: { trials: {{parallel}} }
        """);

    /// <summary>Small networks whose suggestions depend on what is known, and on nothing else: the same trials on any number of slots.</summary>
    /// <param name="window">How many trials may run at a time.</param>
    public static string Strict(Workspace workspace, int trials, int epochs, int window) =>
        Rings(workspace, "strict", layers: 1, epochs, "low: 1e-3, high: 0.1, log: true", "low: 4, high: 16", $$"""
        strategy: { name: tpe, seed: 42 }
        stopping: { name: median }
        budget: { trials: {{trials}} }
        reproducible: { mode: strict, window: {{window}} }
        """);

    /// <summary>A grid of 5 × 4 × 3 small networks, without a budget.</summary>
    public static string Grid(Workspace workspace, int epochs, int parallel = 2) => workspace.Write("ring-grid.yaml", Text($$"""
        version: 1
        name: ring-grid
        {{Rings(workspace)}}
        objective: { metric: validation_accuracy, direction: maximize }
        model: { layers: 1, epochs: {{epochs}} }
        parameters:
          learning_rate: { type: float, low: 1e-3, high: 0.1, log: true, points: {{GridAxes[0]}} }
          width:         { type: int, low: 4, high: 16, step: 4 }
          activation:    { type: categorical, choices: [tanh, relu, sigmoid] }
        strategy: { name: grid, seed: 1 }
        parallel: { trials: {{parallel}} }
        """));

    /// <summary>A population of <see cref="Members"/> small networks that each train in <see cref="Turns"/> turns, without a budget.</summary>
    public static string Population(Workspace workspace, int epochs, string learningRate = "low: 1e-3, high: 0.1, log: true", int parallel = 2) => workspace.Write("ring-population.yaml", Text($$"""
        version: 1
        name: ring-population
        {{Rings(workspace)}}
        objective: { metric: validation_loss, direction: minimize }
        model: { layers: 1, epochs: {{epochs}} }
        parameters:
          learning_rate: { type: float, {{learningRate}} }
          width:         { type: int, low: 4, high: 16 }
          batch_size:    { type: categorical, choices: [16, 32, 64] }
          optimizer:     { type: categorical, choices: [momentum, adam] }
        strategy: { name: pbt, seed: 42, population: {{Members}}, interval: {{epochs / Turns}} }
        parallel: { trials: {{parallel}} }
        """));

    public const int Members = 6;

    public const int Turns = 8;

    /// <summary>Values of each axis of <see cref="Grid"/>.</summary>
    public static readonly IReadOnlyList<int> GridAxes = [5, 4, 3];

    private static string Rings(Workspace workspace, string name, int layers, int epochs, string learningRate, string width, string search) => workspace.Write($"{name}.yaml", Text($$"""
        version: 1
        name: {{name}}
        {{Rings(workspace)}}
        objective: { metric: validation_loss, direction: minimize }
        model: { layers: {{layers}}, epochs: {{epochs}} }
        parameters:
          learning_rate: { type: float, {{learningRate}} }
          width:         { type: int, {{width}} }
          activation:    { type: categorical, choices: [tanh, relu] }
        {{search}}
        """));

    /// <summary>Two noisy rings round the origin.</summary>
    private static string Rings(Workspace workspace)
    {
        var random = new Random(20);
        var text = new StringBuilder("x,y,ring\n");
        for (var i = 0; i < Rows; i++)
        {
            var angle = random.NextDouble() * Math.Tau;
            var radius = (i % 2 == 0 ? 1.0 : 1.8) + (random.NextDouble() - 0.5);
            text.Append(CultureInfo.InvariantCulture, $"{radius * Math.Cos(angle):0.0000},{radius * Math.Sin(angle):0.0000},{(i % 2 == 0 ? "inner" : "outer")}\n");
        }

        return $$"""
        data:
          source: {{workspace.Write("rings.csv", text.ToString())}}
          target: ring
          task: classification
          split: { validation: 0.25, test: 0.25, seed: 7, stratify: true }
          scale: standard
        """;
    }

    private static string Text(string yaml) => yaml.ReplaceLineEndings("\n") + "\n";
}
