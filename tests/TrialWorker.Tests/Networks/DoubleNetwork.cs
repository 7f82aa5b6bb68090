using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Tests.Networks;

/// <summary>The same network in double precision, written without a thought of speed: what analytic gradients are held against.</summary>
internal sealed class DoubleNetwork
{
    private const double Epsilon = 1e-5;
    private const double SeluScale = 1.0507009873554805;
    private const double SeluAlpha = 1.6732632423543772;

    private readonly Network _network;
    private readonly double[] _parameters;

    public DoubleNetwork(Network network)
    {
        _network = network;
        _parameters = network.Parameters.ToArray().Select(p => (double)p).ToArray();
    }

    /// <summary>How near the last loss came to a point without a derivative.</summary>
    public double NearestKink { get; private set; }

    public ref double Parameter(int index) => ref _parameters[index];

    /// <summary>Every parameter that is no padding.</summary>
    public static IEnumerable<int> RealParameters(Network network)
    {
        var architecture = network.Architecture;
        for (var e = 0; e < architecture.Embeddings.Count; e++)
        {
            for (var i = 0; i < architecture.Embeddings[e].Categories * architecture.Embeddings[e].Dimension; i++)
            {
                yield return network.EmbeddingBlock(e).Start + i;
            }
        }

        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            for (var j = 0; j < architecture.OutputsOf(layer); j++)
            {
                for (var i = 0; i < architecture.InputsOf(layer); i++)
                {
                    yield return network.WeightsBlock(layer).Start + network.WeightIndex(layer, i, j);
                }

                yield return network.BiasesBlock(layer).Start + j;
                if (architecture.IsNormalized(layer))
                {
                    yield return network.GainsBlock(layer).Start + j;
                    yield return network.ShiftsBlock(layer).Start + j;
                }
            }
        }
    }

    /// <summary>Mean loss over the rows, as in training: batch normalization takes the rows as its batch.</summary>
    /// <param name="targets">Row-major [rows, outputs]; empty for classes.</param>
    public double Loss(LossSettings loss, float[][] rows, int[][] codes, int[] labels, float[] targets)
    {
        NearestKink = double.PositiveInfinity;
        var outputs = Forward(rows, codes);
        var single = loss.NeedsClasses && _network.Architecture.Outputs == 1;
        return Enumerable.Range(0, rows.Length).Average(i => single
            ? Single(loss, outputs[i][0], labels[i])
            : RowLoss(loss, outputs[i], targets.Length > 0
                ? [.. outputs[i].Select((_, j) => (double)targets[(i * outputs[i].Length) + j])]
                : [.. outputs[i].Select((_, j) => j == labels[i] ? 1.0 : 0.0)], labels.Length > 0 ? labels[i] : -1));
    }

    private double RowLoss(LossSettings loss, double[] outputs, double[] wanted, int label) => loss.Kind switch
    {
        LossKind.MeanSquared => outputs.Zip(wanted, (y, t) => (y - t) * (y - t)).Average(),
        LossKind.MeanAbsolute => outputs.Zip(wanted, (y, t) => Kink(Math.Abs(y - t))).Average(),
        LossKind.Huber => outputs.Zip(wanted, (y, t) => Huber(Math.Abs(y - t), loss.HuberDelta)).Average(),
        LossKind.LogCosh => outputs.Zip(wanted, (y, t) => Math.Log(Math.Cosh(y - t))).Average(),
        LossKind.CrossEntropy => SmoothedCrossEntropy(outputs, label, loss.LabelSmoothing),
        LossKind.Hinge => CrammerSinger(outputs, label),
        LossKind.SquaredHinge => Math.Pow(CrammerSinger(outputs, label), 2),
        _ => throw new ArgumentOutOfRangeException(nameof(loss)),
    };

    private double Single(LossSettings loss, double z, int label)
    {
        var sign = label == 1 ? 1 : -1;
        if (loss.Kind == LossKind.BinaryCrossEntropy)
        {
            var target = (label * (1 - loss.LabelSmoothing)) + (loss.LabelSmoothing / 2);
            return Math.Log(1 + Math.Exp(z)) - (target * z);
        }

        Kink(Math.Abs(1 - (sign * z)));
        var hinge = Math.Max(0, 1 - (sign * z));
        return loss.Kind == LossKind.Hinge ? hinge : hinge * hinge;
    }

    private static double Huber(double d, double delta) => d <= delta ? 0.5 * d * d : delta * (d - (0.5 * delta));

    private static double SmoothedCrossEntropy(double[] outputs, int label, double smoothing)
    {
        var normalizer = Math.Log(outputs.Sum(z => Math.Exp(z - outputs.Max()))) + outputs.Max();
        return ((1 - smoothing) * (normalizer - outputs[label])) + (smoothing * outputs.Average(z => normalizer - z));
    }

    private double[][] Forward(float[][] rows, int[][] codes)
    {
        var architecture = _network.Architecture;
        var values = rows.Select((row, r) => row.Select(x => (double)x).Concat(codes[r].SelectMany(Embed)).ToArray()).ToArray();
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var inputs = values;
            values = [.. values.Select(row => Linear(layer, row))];
            if (layer == architecture.Layers - 1)
            {
                break;
            }

            Normalize(layer, values);
            values = [.. values.Select((row, r) => row
                .Select((x, j) => Activate(architecture.Activation, x) + (architecture.AddsInput(layer) ? inputs[r][j] : 0)).ToArray())];
        }

        return values;
    }

    private IEnumerable<double> Embed(int code, int column)
    {
        var dimension = _network.Architecture.Embeddings[column].Dimension;
        return Enumerable.Range(0, dimension).Select(d => _parameters[_network.EmbeddingBlock(column).Start + (code * dimension) + d]);
    }

    private double[] Linear(int layer, double[] row) =>
        [.. Enumerable.Range(0, _network.Architecture.OutputsOf(layer)).Select(j =>
            _parameters[_network.BiasesBlock(layer).Start + j]
            + row.Select((x, i) => x * _parameters[_network.WeightsBlock(layer).Start + _network.WeightIndex(layer, i, j)]).Sum())];

    private void Normalize(int layer, double[][] values)
    {
        var architecture = _network.Architecture;
        if (!architecture.IsNormalized(layer))
        {
            return;
        }

        var width = architecture.OutputsOf(layer);
        for (var a = 0; a < (architecture.Normalization == NormalizationKind.Layer ? values.Length : width); a++)
        {
            var group = architecture.Normalization == NormalizationKind.Layer ? values[a] : [.. values.Select(row => row[a])];
            var mean = group.Average();
            var deviation = Math.Sqrt(group.Average(x => (x - mean) * (x - mean)) + Epsilon);
            for (var b = 0; b < group.Length; b++)
            {
                var (row, column) = architecture.Normalization == NormalizationKind.Layer ? (a, b) : (b, a);
                values[row][column] = (_parameters[_network.GainsBlock(layer).Start + column] * (group[b] - mean) / deviation)
                    + _parameters[_network.ShiftsBlock(layer).Start + column];
            }
        }
    }

    private double Activate(ActivationKind activation, double x)
    {
        switch (activation)
        {
            case ActivationKind.Relu or ActivationKind.LeakyRelu or ActivationKind.Selu:
                Kink(Math.Abs(x));
                break;
            case ActivationKind.HardSwish:
                Kink(Math.Min(Math.Abs(x - 3), Math.Abs(x + 3)));
                break;
            default:
                break;
        }

        return activation switch
        {
            ActivationKind.Identity => x,
            ActivationKind.Sigmoid => Sigmoid(x),
            ActivationKind.Tanh => Math.Tanh(x),
            ActivationKind.Relu => Math.Max(0, x),
            ActivationKind.LeakyRelu => x > 0 ? x : 0.01 * x,
            ActivationKind.Elu => x > 0 ? x : Math.Exp(x) - 1,
            ActivationKind.Selu => SeluScale * (x > 0 ? x : SeluAlpha * (Math.Exp(x) - 1)),
            ActivationKind.Gelu => x * Normal(x),
            ActivationKind.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
            ActivationKind.Silu => x * Sigmoid(x),
            ActivationKind.Softplus => Math.Log(1 + Math.Exp(x)),
            ActivationKind.Mish => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
            ActivationKind.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>Φ(x) by Simpson's rule.</summary>
    private static double Normal(double x)
    {
        const int steps = 400;
        var h = x / steps;
        var sum = Enumerable.Range(0, steps + 1).Sum(i => (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-0.5 * i * h * i * h));
        return 0.5 + (sum * h / 3 / Math.Sqrt(2 * Math.PI));
    }

    private double CrammerSinger(double[] outputs, int label)
    {
        var rivals = outputs.Where((_, j) => j != label).OrderDescending().ToArray();
        var loss = 1 + rivals[0] - outputs[label];
        Kink(Math.Abs(loss));
        if (rivals.Length > 1)
        {
            Kink(rivals[0] - rivals[1]);
        }

        return Math.Max(0, loss);
    }

    private double Kink(double distance)
    {
        NearestKink = Math.Min(NearestKink, distance);
        return distance;
    }
}
