using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Tests.Networks;

/// <summary>The same network in double precision, written without a thought of speed: what analytic gradients are held against.</summary>
internal sealed class DoubleNetwork
{
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

    /// <summary>Mean loss over the rows.</summary>
    public double Loss(LossKind loss, float[][] rows, int[] labels, float[] targets)
    {
        NearestKink = double.PositiveInfinity;
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            var outputs = Forward(rows[i]);
            var wanted = targets.Length > 0 ? [targets[i]] : outputs.Select((_, j) => j == labels[i] ? 1.0 : 0.0).ToArray();
            sum += loss switch
            {
                LossKind.MeanSquared => outputs.Select((y, j) => (y - wanted[j]) * (y - wanted[j])).Average(),
                LossKind.MeanAbsolute => outputs.Select((y, j) => Kink(Math.Abs(y - wanted[j]))).Average(),
                LossKind.CrossEntropy => Math.Log(outputs.Sum(z => Math.Exp(z - outputs.Max()))) + outputs.Max() - outputs[labels[i]],
                LossKind.Hinge => Hinge(outputs, labels[i]),
                _ => throw new ArgumentOutOfRangeException(nameof(loss)),
            };
        }

        return sum / rows.Length;
    }

    private double[] Forward(float[] row)
    {
        var architecture = _network.Architecture;
        var values = row.Select(x => (double)x).ToArray();
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var weights = _network.Blocks[2 * layer].Start;
            var biases = _network.Blocks[(2 * layer) + 1].Start;
            var next = new double[architecture.OutputsOf(layer)];
            for (var j = 0; j < next.Length; j++)
            {
                next[j] = _parameters[biases + j];
                for (var i = 0; i < values.Length; i++)
                {
                    next[j] += values[i] * _parameters[weights + (i * _network.StrideOf(layer)) + j];
                }

                if (layer < architecture.Layers - 1)
                {
                    next[j] = Activate(architecture.Activation, next[j]);
                }
            }

            values = next;
        }

        return values;
    }

    private double Activate(ActivationKind activation, double x) => activation switch
    {
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Relu => Kink(Math.Abs(x)) > 0 && x > 0 ? x : 0,
        _ => x,
    };

    private double Hinge(double[] outputs, int label)
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
