namespace TuningCluster.Coordinator.Cli;

/// <summary>The study behind <c>tuning run demo</c>: needs no files and ends within seconds.</summary>
public static class DemoStudy
{
    public const string Text =
        """
        # The built-in study: looks for a minimum of Branin's function, which is 0.397887 at three places.
        version: 1
        name: demo
        objective: { kind: function, name: branin }
        parameters:
          x1: { type: float, low: -5, high: 10 }
          x2: { type: float, low: 0, high: 15 }
        strategy: { name: random, seed: 1 }
        budget: { trials: 60 }

        """;
}
