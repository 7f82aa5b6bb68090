using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;

namespace TuningCluster.TrialWorker.Training;

/// <summary>Everything that says how one network is built and trained. See <see cref="ModelSettings"/> for ranges and meaning.</summary>
/// <param name="Hidden">Neurons of each hidden layer.</param>
/// <param name="IsAdam">Adam, else stochastic gradient descent with <paramref name="Momentum"/>.</param>
/// <param name="EarlyStopping">Epochs without a better validation loss after which training ends; 0 is off.</param>
public sealed record TrainingSettings(
    IReadOnlyList<int> Hidden,
    ActivationKind Activation,
    LossKind Loss,
    bool IsAdam,
    double LearningRate,
    double Momentum,
    double Beta1,
    double Beta2,
    double Epsilon,
    InitializerKind Initializer,
    int BatchSize,
    int Epochs,
    double WeightDecay,
    int EarlyStopping)
{
    /// <summary>How many arrays of the parameters' size the optimizer keeps.</summary>
    public int OptimizerStates => IsAdam ? 2 : Momentum == 0 ? 0 : 1;

    /// <summary>The settings in force for a trial: searched, else fixed, else the default.</summary>
    /// <exception cref="ArgumentException">A value is of the wrong kind or out of range, or the loss does not fit the task.</exception>
    public static TrainingSettings Resolve(StudySpec spec, TrialParameters parameters, LearningTask task)
    {
        var optimizer = Text("optimizer") ?? "adam";
        return new TrainingSettings(
            Enumerable.Repeat(Int("width"), Int("layers")).ToArray(),
            ActivationKinds.Parse(Text("activation")!),
            LossKinds.Parse(Text("loss"), task),
            optimizer == "adam",
            Number("learning_rate", 0),
            Number("momentum", optimizer == "momentum" ? 0.9 : 0),
            Number("beta1", 0),
            Number("beta2", 0),
            Number("epsilon", 0),
            Networks.Initializer.Parse(Text("initializer")!),
            Int("batch_size"),
            Int("epochs"),
            Number("weight_decay", 0),
            Int("early_stopping"));

        ParameterValue? Value(string name)
        {
            var value = ModelSettings.Resolve(name, spec, parameters);
            return value is { } given && ModelSettings.Find(name)!.Refuse(given) is { } why
                ? throw new ArgumentException($"The setting {name} cannot be used: {why}.", nameof(parameters))
                : value;
        }

        string? Text(string name) => Value(name)?.AsText();
        int Int(string name) => checked((int)Value(name)!.Value.AsInt());
        double Number(string name, double otherwise) => Value(name)?.AsDouble() ?? otherwise;
    }

    /// <summary>The network these settings ask for.</summary>
    /// <param name="inputs">Features a row.</param>
    /// <param name="outputs">Classes, or 1 for regression.</param>
    public Architecture Architecture(int inputs, int outputs) => new(inputs, Hidden, outputs, Activation);

    /// <param name="length">Parameters of the network, padding included.</param>
    public Optimizer CreateOptimizer(int length) => IsAdam
        ? new AdamOptimizer(length, (float)Beta1, (float)Beta2, Epsilon, (float)WeightDecay)
        : new SgdOptimizer(length, (float)Momentum, (float)WeightDecay);
}
