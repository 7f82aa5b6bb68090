using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.TestKit;
using TuningCluster.Shared.Protocol.Serialization;

namespace TuningCluster.Tests.Actors;

/// <summary>
/// A test with an actor system of its own, in which every message between actors is written and read by the serializers of the
/// wire unless it says that it stays in the process.
/// </summary>
public abstract class ActorTest : TestKitBase, IDisposable
{
    /// <summary>How long a test waits for what must come; generous, because it costs time only when something is wrong.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const string Hocon = """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          loggers = []
          log-dead-letters = off
          actor {
            serialize-messages = on
            serializers.akka-own = "TuningCluster.Tests.Actors.AkkaOwnSerializer, {assembly}"
            serialization-bindings {
              # Akka's own, which stay in the process and do not say so.
              "Akka.Actor.IAutoReceivedMessage, Akka" = akka-own
              "Akka.Persistence.RequestRecoveryPermit, Akka.Persistence" = akka-own
              "Akka.Persistence.RecoveryPermitGranted, Akka.Persistence" = akka-own
              "Akka.Persistence.ReturnRecoveryPermit, Akka.Persistence" = akka-own
            }
          }
          test { default-timeout = 20s, single-expect-default = 20s }
        }
        """;

    /// <param name="config">Before everything else.</param>
    /// <param name="tables">What may be written beside the messages of the wire.</param>
    protected ActorTest(string config = "", params IReadOnlyList<ManifestTable> tables)
        : base(new Verdicts(), Setup(config, tables), "test", null)
    {
    }

    /// <summary>Ended by the test's end.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Shutdown(Sys, TimeSpan.FromSeconds(10));
        GC.SuppressFinalize(this);
    }

    private static ActorSystemSetup Setup(string config, IReadOnlyList<ManifestTable> tables) => ActorSystemSetup.Create(
        BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(config)
            .WithFallback(ConfigurationFactory.ParseString(Hocon.Replace("{assembly}", typeof(ActorTest).Assembly.GetName().Name, StringComparison.Ordinal)))
            .WithFallback(ConfigurationFactory.ParseString(TuningSerialization.Hocon))),
        TuningSerialization.Setup([WireManifests.Table, .. tables]));

    /// <summary>TestKit's findings as xunit's.</summary>
    private sealed class Verdicts : ITestKitAssertions
    {
        public void Fail(string format = "", params object[] args) => Assert.Fail(Text(format, args));

        public void AssertTrue(bool condition, string format = "", params object[] args) => Assert.True(condition, Text(format, args));

        public void AssertFalse(bool condition, string format = "", params object[] args) => Assert.False(condition, Text(format, args));

        public void AssertEqual<T>(T expected, T actual, string format = "", params object[] args) => Assert.Equal(expected, actual);

        public void AssertEqual<T>(T expected, T actual, Func<T, T, bool> comparer, string format = "", params object[] args) =>
            Assert.True(comparer(expected, actual), Text(format, args));

        public TException AssertThrows<TException>(Action action)
            where TException : Exception => Assert.Throws<TException>(action);

        public Exception AssertThrows(Action action) => Assert.ThrowsAny<Exception>(action);

        public Task<TException> AssertThrowsAsync<TException>(Func<Task> action)
            where TException : Exception => Assert.ThrowsAsync<TException>(action);

        public Task<Exception> AssertThrowsAsync(Func<Task> action) => Assert.ThrowsAnyAsync<Exception>(action);

        private static string Text(string format, object[] args) => args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
    }
}
