using System.Runtime.Intrinsics;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>How weights start. Biases start at zero.</summary>
public enum InitializerKind
{
    /// <summary>He (uniform) for the relu family, LeCun (normal) for selu, else Glorot (uniform).</summary>
    Auto,
    GlorotUniform,
    GlorotNormal,
    HeUniform,
    HeNormal,
    LeCunUniform,
    LeCunNormal,

    /// <summary>Orthogonal columns or rows, whichever are fewer, of length 1.</summary>
    Orthogonal,
}

/// <summary>Draws the weights a network starts with.</summary>
/// <remarks>
/// Glorot and Bengio 2010: variance 2/(inputs + outputs), which keeps the variance of signals through sigmoid-like layers both ways.
/// He et al. 2015, arXiv:1502.01852: variance 2/inputs, for relu sets half of its inputs to zero. LeCun et al. 1998, Efficient BackProp:
/// variance 1/inputs, which selu needs (Klambauer et al. 2017). Uniform on ±√(3·variance), or normal. Orthogonal: Saxe et al. 2014,
/// arXiv:1312.6120. Embeddings are normal with deviation 1/√dimension.
/// </remarks>
public static class Initializer
{
    private static readonly (string Word, InitializerKind Kind)[] Table =
    [
        ("auto", InitializerKind.Auto),
        ("glorot_uniform", InitializerKind.GlorotUniform),
        ("glorot_normal", InitializerKind.GlorotNormal),
        ("he_uniform", InitializerKind.HeUniform),
        ("he_normal", InitializerKind.HeNormal),
        ("lecun_uniform", InitializerKind.LeCunUniform),
        ("lecun_normal", InitializerKind.LeCunNormal),
        ("orthogonal", InitializerKind.Orthogonal),
    ];

    /// <param name="name">As in the study file.</param>
    /// <exception cref="ArgumentException">No such initializer.</exception>
    public static InitializerKind Parse(string name) => Words.Parse(Table, name, "initializer");

    /// <summary>Fills embeddings and weights, layer by layer, row by row; the stream of draws does not depend on padding.</summary>
    public static void Fill(Network network, InitializerKind kind, Rng rng)
    {
        var architecture = network.Architecture;
        for (var i = 0; i < architecture.Embeddings.Count; i++)
        {
            var (categories, dimension) = architecture.Embeddings[i];
            var deviation = 1 / Math.Sqrt(dimension);
            foreach (ref var value in network.EmbeddingTable(i)[..(categories * dimension)])
            {
                value = (float)(deviation * rng.NextNormal());
            }
        }

        if (kind == InitializerKind.Auto)
        {
            kind = Choose(architecture.Activation);
        }

        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            if (kind == InitializerKind.Orthogonal)
            {
                FillOrthogonal(network, layer, rng);
            }
            else
            {
                FillByVariance(network, layer, kind, rng);
            }
        }
    }

    private static InitializerKind Choose(ActivationKind activation) => activation switch
    {
        ActivationKind.Sigmoid or ActivationKind.Tanh or ActivationKind.Identity or ActivationKind.Softplus => InitializerKind.GlorotUniform,
        ActivationKind.Selu => InitializerKind.LeCunNormal,
        _ => InitializerKind.HeUniform,
    };

    private static void FillByVariance(Network network, int layer, InitializerKind kind, Rng rng)
    {
        var inputs = network.Architecture.InputsOf(layer);
        var outputs = network.Architecture.OutputsOf(layer);
        var variance = kind switch
        {
            InitializerKind.HeUniform or InitializerKind.HeNormal => 2.0 / inputs,
            InitializerKind.LeCunUniform or InitializerKind.LeCunNormal => 1.0 / inputs,
            _ => 2.0 / ((double)inputs + outputs),
        };
        var uniform = kind is InitializerKind.HeUniform or InitializerKind.GlorotUniform or InitializerKind.LeCunUniform;
        var scale = Math.Sqrt(uniform ? 3 * variance : variance);
        var weights = network.Weights(layer);
        for (var i = 0; i < inputs; i++)
        {
            for (var j = 0; j < outputs; j++)
            {
                weights[network.WeightIndex(layer, i, j)] = (float)(scale * (uniform ? (2 * rng.NextDouble()) - 1 : rng.NextNormal()));
            }
        }
    }

    /// <summary>Normal draws, made orthonormal one vector after another (Gram–Schmidt twice: once loses digits). Time grows with vectors² · length.</summary>
    private static void FillOrthogonal(Network network, int layer, Rng rng)
    {
        var inputs = network.Architecture.InputsOf(layer);
        var outputs = network.Architecture.OutputsOf(layer);
        var (vectors, length) = outputs <= inputs ? (outputs, inputs) : (inputs, outputs);
        var basis = new double[vectors][];
        for (var v = 0; v < vectors; v++)
        {
            var vector = new double[length];
            for (var i = 0; i < length; i++)
            {
                vector[i] = rng.NextNormal();
            }

            for (var pass = 0; pass < 2; pass++)
            {
                for (var w = 0; w < v; w++)
                {
                    var dot = Dot(basis[w], vector);
                    Subtract(dot, basis[w], vector);
                }
            }

            var norm = Math.Sqrt(vector.Sum(x => x * x));
            basis[v] = Array.ConvertAll(vector, x => x / norm);
        }

        var weights = network.Weights(layer);
        for (var v = 0; v < vectors; v++)
        {
            for (var i = 0; i < length; i++)
            {
                var (input, output) = outputs <= inputs ? (i, v) : (v, i);
                weights[network.WeightIndex(layer, input, output)] = (float)basis[v][i];
            }
        }
    }

    // Vectors of four whatever the processor has: the order of a sum is part of the bits a seed promises.
    private static double Dot(double[] x, double[] y)
    {
        var sum = Vector256<double>.Zero;
        var whole = x.Length & ~3;
        for (var i = 0; i < whole; i += 4)
        {
            sum = Vector256.FusedMultiplyAdd(Vector256.Create(x, i), Vector256.Create(y, i), sum);
        }

        var total = Vector256.Sum(sum);
        for (var i = whole; i < x.Length; i++)
        {
            total += x[i] * y[i];
        }

        return total;
    }

    private static void Subtract(double factor, double[] x, double[] y)
    {
        var whole = x.Length & ~3;
        for (var i = 0; i < whole; i += 4)
        {
            Vector256.FusedMultiplyAdd(Vector256.Create(-factor), Vector256.Create(x, i), Vector256.Create(y, i)).CopyTo(y, i);
        }

        for (var i = whole; i < x.Length; i++)
        {
            y[i] -= factor * x[i];
        }
    }
}
