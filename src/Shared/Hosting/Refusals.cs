using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using Akka.Event;
using DotNetty.Handlers.Tls;
using Serilog;

namespace TuningCluster.Shared.Hosting;

/// <summary>Who was turned away by a node's transport and why, said once each: a stranger must not fill the log.</summary>
public static class Refusals
{
    /// <summary>More different ones are no news.</summary>
    private const int Most = 1000;

    private static readonly ConcurrentDictionary<string, byte> Told = new();

    /// <param name="peer">As the transport calls it; its port does not tell peers apart.</param>
    public static void Say(string peer, string reason)
    {
        var machine = IPEndPoint.TryParse(peer, out var at) ? (at.Address.IsIPv4MappedToIPv6 ? at.Address.MapToIPv4() : at.Address).ToString() : peer;
        if (Told.Count < Most && Told.TryAdd($"{machine} {reason}", 0))
        {
            Log.Warning("Refused {Peer}: {Reason}. Said once", machine, reason);
        }
    }

    /// <summary>Takes what Akka's transport says of a refusal, in up to four lines each time, for what it is.</summary>
    /// <returns>False when an event tells of something else.</returns>
    internal static bool Takes(LogEvent e)
    {
        if (e.Message is not LogMessage message)
        {
            return false;
        }

        var values = message.Parameters().ToList();
        switch (message.Format)
        {
            case var format when format.StartsWith("TLS handshake failed on channel", StringComparison.Ordinal):
                if (values.Count > 1)
                {
                    Handshake($"{values[1]}", e.Cause?.GetBaseException());
                }

                return true;
            case var format when format.StartsWith("Mutual TLS required but", StringComparison.Ordinal):
                Say($"{values.LastOrDefault()}", "it shows no certificate");
                return true;
            case var format when format.StartsWith("Rejected incoming connection", StringComparison.Ordinal):
                return true;
            case var format when format.StartsWith("Error caught channel", StringComparison.Ordinal):
                return e.Cause?.GetBaseException() is NotSslRecordException;
            // Nobody ends this node but its process (NodeTls.KeepRunning).
            case var format when format.StartsWith("CoordinatedShutdown invoked", StringComparison.Ordinal):
                return values.Exists(v => $"{v}".Contains("TlsHandshakeFailure", StringComparison.Ordinal));
            default:
                return false;
        }
    }

    private static void Handshake(string peer, Exception? cause)
    {
        switch (cause)
        {
            case NotSslRecordException:
                Say(peer, "it speaks no TLS");
                break;
            case AuthenticationException refused when refused.Message.Contains("ValidationCallback", StringComparison.Ordinal):
                // Whoever validated has said why.
                break;
            default:
                Say(peer, $"the TLS handshake failed: {cause?.Message.TrimEnd('.') ?? "the connection ended"}");
                break;
        }
    }
}
