using System.Security.Cryptography;
using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Tests.Kernels;

/// <summary>A fingerprint of what every kernel gives for the same inputs: equal on every vector path, whatever the hardware.</summary>
internal static class KernelBits
{
    /// <summary>The fingerprint another process of these tests is to arrive at.</summary>
    public const string Variable = "TUNING_TEST_KERNEL_BITS";

    private const int Length = 203;
    private const float Rate = 0.05f;

    public static string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var it in ActivationCase.All.Values)
        {
            var y = new float[Length];
            it.Apply(Draw("x", 4, true), y);
            Add(hash, y);
            var gradient = Draw("gradient", 1, false);
            it.Slope(it.TakesInput ? Draw("x", 4, true) : y, gradient);
            Add(hash, gradient);
        }

        AddLosses(hash);
        AddUpdates(hash);
        AddNormalizations(hash);
        AddProducts(hash);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void AddLosses(IncrementalHash hash)
    {
        var (y, t, g) = (Draw("y", 4, false), Draw("t", 4, false), new float[Length]);
        Add(hash, RegressionLosses.Squared(y, t, Rate, g), g);
        Add(hash, RegressionLosses.Absolute(y, t, Rate, g), g);
        Add(hash, RegressionLosses.Huber(y, t, 1, Rate, g), g);
        Add(hash, RegressionLosses.LogCosh(y, t, Rate, g), g);
        foreach (var classes in new[] { 3, 10, 16, 19 })
        {
            var stride = KernelPath.Pad(classes);
            var rows = Length / stride;
            var labels = Enumerable.Range(0, rows).Select(i => i % classes).ToArray();
            Add(hash, ClassificationLosses.CrossEntropy(rows, classes, y, stride, labels, Rate, g, 0.1f), g);
            Add(hash, ClassificationLosses.Hinge(rows, classes, y, stride, labels, Rate, g), g);
            Add(hash, ClassificationLosses.SquaredHinge(rows, classes, y, stride, labels, Rate, g), g);
        }

        var halves = Enumerable.Range(0, 25).Select(i => i % 2).ToArray();
        Add(hash, BinaryLosses.CrossEntropy(25, y, 8, halves, Rate, g, 0.1f), g);
        Add(hash, BinaryLosses.Hinge(25, y, 8, halves, Rate, g), g);
        Add(hash, BinaryLosses.SquaredHinge(25, y, 8, halves, Rate, g), g);
    }

    private static void AddUpdates(IncrementalHash hash)
    {
        var (w, g, first, second) = (Draw("w", 1, false), Draw("g", 1, false), new float[Length], new float[Length]);
        foreach (var penalty in new[] { new Penalty(0, 0.01f, 0), new Penalty(0.003f, 0.01f, 0.02f) })
        {
            Updates.Sgd(w, g, Rate, penalty);
            Updates.Momentum(w, g, first, Rate, 0.9f, penalty);
            Updates.Nesterov(w, g, first, Rate, 0.9f, penalty);
            Updates.RmsProp(w, g, second, Rate, 0.99f, 1e-6f, penalty);
            Updates.RmsProp(w, g, second, first, Rate, 0.99f, 1e-6f, 0.9f, penalty);
            Updates.Adam(w, g, first, second, Rate, 0.9f, 0.999f, 1e-6f, penalty);
            Updates.NAdam(w, g, first, second, Rate, Rate, 0.9f, 0.999f, 1e-6f, penalty);
            Updates.Lion(w, g, first, Rate, 0.9f, 0.99f, penalty);
            Add(hash, w);
            Add(hash, first);
            Add(hash, second);
        }

        Add(hash, Norms.SumOfSquares(g), g);
        Norms.Scale(g, 0.3f);
        Norms.Clip(g, 0.2f);
        Add(hash, g);
    }

    private static void AddNormalizations(IncrementalHash hash)
    {
        const int rows = 8;
        const int width = 21;
        const int stride = 24;
        var (gain, shift, mean, variance) = (Draw("gain", 1, false), Draw("shift", 1, false), new float[stride], new float[stride]);
        foreach (var batch in new[] { false, true })
        {
            var (x, gradient, hat, inverse) = (Draw("x", 2, false), Draw("slope", 1, false), new float[Length], new float[stride]);
            var (gainGradient, shiftGradient) = (new float[stride], new float[stride]);
            if (batch)
            {
                BatchNormalization.Forward(rows, width, x, stride, gain, shift, mean, variance, hat, x, inverse, 1e-5f);
                BatchNormalization.Backward(rows, width, hat, stride, gain, inverse, gradient, gainGradient, shiftGradient);
                BatchNormalization.Infer(rows, width, x, stride, gain, shift, mean, variance, x, 1e-5f);
            }
            else
            {
                LayerNormalization.Forward(rows, width, x, stride, gain, shift, hat, x, inverse, 1e-5f);
                LayerNormalization.Backward(rows, width, hat, stride, gain, inverse, gradient, gainGradient, shiftGradient);
            }

            foreach (var result in new[] { x, hat, inverse, gradient, gainGradient, shiftGradient, mean, variance })
            {
                Add(hash, result);
            }
        }

        var mask = new float[Length];
        Dropout.Mask(mask, 0.7f, Rng.For(1, 0, "mask"));
        Dropout.Apply(mask, gain);
        Add(hash, gain);
    }

    private static void AddProducts(IncrementalHash hash)
    {
        foreach (var (n, inputs, outputs) in new[] { (1, 5, 3), (8, 17, 33), (23, 50, 18), (5, 259, 7), (4, 6, 260) })
        {
            var it = new DenseCase(n, inputs, outputs, inputs, specials: true);
            Add(hash, it.Forward().Values);
            Add(hash, it.InputGradient(false, DenseStart.Other).Values);
            var gradient = it.WeightGradient(0, it.OutputPanels);
            Add(hash, gradient.Weights);
            Add(hash, gradient.Biases);
        }

        var weights = Draw("w", 1, false);
        MaxNorm.Apply(weights.AsSpan(0, 192), 12, 1.5f);
        Addition.Add(Draw("x", 4, true), weights);
        Add(hash, weights);
    }

    private static float[] Draw(string purpose, double spread, bool specials)
    {
        var rng = Rng.For(5, 0, purpose);
        var x = new float[Length];
        for (var i = 0; i < Length; i++)
        {
            x[i] = specials && i % 7 == 0 ? Floats.Specials[i / 7 % Floats.Specials.Length] : (float)(spread * rng.NextNormal());
        }

        return x;
    }

    private static void Add(IncrementalHash hash, double loss, float[] gradient)
    {
        hash.AppendData(BitConverter.GetBytes(loss));
        Add(hash, gradient);
    }

    /// <summary>Which of the many NaNs an operation gives is the machine's affair.</summary>
    private static void Add(IncrementalHash hash, float[] values)
    {
        foreach (var value in values)
        {
            hash.AppendData(BitConverter.GetBytes(float.IsNaN(value) ? float.NaN : value));
        }
    }
}
