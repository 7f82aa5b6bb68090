using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Settings;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;

namespace TuningCluster.TrialWorker.Training;

/// <summary>Everything that says how one network is built and trained. See <see cref="ModelSettings"/> for ranges and meaning.</summary>
/// <param name="Hidden">Neurons of each hidden layer; of a funnel as if there were one output.</param>
public sealed record TrainingSettings(IReadOnlyList<int> Hidden, ActivationKind Activation, LossSettings Loss, OptimizerSettings Optimizer, int BatchSize, int Epochs)
{
    public InitializerKind Initializer { get; init; }

    public NormalizationKind Normalization { get; init; }

    /// <summary>Whether the layers after the first are no narrower than the outputs, though <see cref="Hidden"/> may be.</summary>
    public bool IsFunnel { get; init; }

    public bool IsResidual { get; init; }

    /// <summary>In [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>0 for a dimension by the number of categories.</summary>
    public int EmbeddingDimension { get; init; }

    public ScheduleSettings Schedule { get; init; } = ScheduleSettings.Constant;

    /// <summary>0 is off.</summary>
    public double MaxNorm { get; init; }

    /// <summary>0 is off.</summary>
    public double ClipNorm { get; init; }

    /// <summary>0 is off.</summary>
    public double ClipValue { get; init; }

    /// <summary>Epochs without a better validation loss after which training ends; 0 is off.</summary>
    public int EarlyStopping { get; init; }

    /// <summary>The settings in force for a trial: searched, else fixed, else the default.</summary>
    /// <exception cref="ArgumentException">A value is of the wrong kind or out of range.</exception>
    public static TrainingSettings Resolve(StudySpec spec, TrialParameters parameters, LearningTask task)
    {
        var isFunnel = Text("shape") == "funnel";
        var epochs = Int("epochs");
        return new TrainingSettings(
            Text("widths") is { } widths ? Setting.ParseList(widths) : Widths(Int("layers"), Int("width"), isFunnel),
            ActivationKinds.Parse(Text("activation")!),
            new LossSettings(LossSettings.Parse(Text("loss"), task), Number("huber_delta"), Number("label_smoothing"), Text("class_weights") == "balanced"),
            OptimizerSettings.Resolve(
                Text("optimizer")!, Number("learning_rate"), Optional("momentum"), Number("beta1"), Optional("beta2"), Number("rms_decay"),
                Number("epsilon"), Optional("weight_decay"), Number("l1")),
            Int("batch_size"),
            epochs)
        {
            Initializer = Networks.Initializer.Parse(Text("initializer")!),
            Normalization = NormalizationKinds.Parse(Text("normalization")!),
            IsFunnel = isFunnel,
            IsResidual = Value("residual")!.Value.AsBool(),
            Dropout = Number("dropout"),
            EmbeddingDimension = Int("embedding_dim"),
            Schedule = ScheduleSettings.Resolve(
                Text("schedule")!, Optional("schedule_factor"), (int?)Value("schedule_epochs")?.AsInt(), Int("schedule_patience"),
                Number("schedule_floor"), Int("warmup_epochs"), epochs),
            MaxNorm = Number("max_norm"),
            ClipNorm = Number("clip_norm"),
            ClipValue = Number("clip_value"),
            EarlyStopping = Int("early_stopping"),
        };

        ParameterValue? Value(string name)
        {
            var value = ModelSettings.Resolve(name, spec, parameters);
            return value is { } given && ModelSettings.Find(name)!.Refuse(given) is { } why
                ? throw new ArgumentException($"The setting {name} cannot be used: {why}.", nameof(parameters))
                : value;
        }

        string? Text(string name) => Value(name)?.AsText();
        int Int(string name) => checked((int)Value(name)!.Value.AsInt());
        double? Optional(string name) => Value(name)?.AsDouble();
        double Number(string name) => Optional(name)!.Value;
    }

    /// <summary>The network these settings ask for.</summary>
    public Architecture Architecture(DataSet data) => Architecture(
        data.InputWidth, Loss.OutputsFor(data.OutputWidth), [.. data.Embedded.Select(e => new Embedding(e.Categories, DimensionOf(e.Categories)))]);

    /// <param name="features">Numbers a row brings.</param>
    /// <param name="outputs">Outputs of the network.</param>
    public Architecture Architecture(int features, int outputs, IReadOnlyList<Embedding>? embeddings = null)
    {
        IReadOnlyList<int> hidden = IsFunnel ? [.. Hidden.Select((w, i) => i == 0 ? w : Math.Max(w, Math.Min(outputs, Hidden[0])))] : Hidden;
        return new Architecture(features, hidden, outputs, Activation)
        {
            Normalization = Normalization,
            IsResidual = IsResidual,
            Embeddings = embeddings ?? [],
        };
    }

    private static int[] Widths(int layers, int width, bool isFunnel) =>
        [.. Enumerable.Range(0, layers).Select(layer => isFunnel ? Math.Max(1, layer < 31 ? width >> layer : 0) : width)];

    /// <summary>The rule of fastai: about 1.6 · categories^0.56, at most 50.</summary>
    private int DimensionOf(int categories) => EmbeddingDimension > 0
        ? EmbeddingDimension
        : Math.Clamp((int)Math.Round(1.6 * Math.Pow(categories, 0.56)), 1, 50);
}
