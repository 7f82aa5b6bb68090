using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serilog;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Security;

namespace TuningCluster.TrialWorker.Hosting;

/// <summary>The coordinator's blobs as a worker sees them: read from a folder of this machine where they are there, else over HTTP, verified and kept; weights go the same way back.</summary>
/// <remarks>Training threads wait here while the coordinator is away: an outcome could not be delivered either.</remarks>
public sealed class CoordinatorBlobs : IBlobStore, IDisposable
{
    private const string CacheOwner = "cache";
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>The longest fail-over, and then some.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly FileBlobStore? _shared;
    private readonly FileBlobStore _cache;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly ManualResetEventSlim _known = new();
    private readonly ManualResetEventSlim _ended = new();
    private volatile Uri? _address;

    /// <param name="shared">Folder of the coordinator's store on this machine; null when there is none.</param>
    /// <param name="cache">Folder for what is fetched; need not exist.</param>
    /// <param name="cacheBytes">Most bytes that it may take.</param>
    /// <param name="certificates">Shows a coordinator who asks; null where only http is spoken.</param>
    public CoordinatorBlobs(string? shared, string cache, long cacheBytes, TimeProvider time, NodeCertificates? certificates = null)
    {
        var handler = new SocketsHttpHandler();
        if (certificates is not null)
        {
            handler.SslOptions = certificates.ForClients();
        }

        _http = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(5) };
        _shared = shared is null ? null : new FileBlobStore(shared, time: time);
        _cache = new FileBlobStore(cache, cacheBytes, time);
        _time = time;
    }

    /// <summary>Where the coordinator serves them, as it says at a worker's first beat.</summary>
    public void At(Uri address)
    {
        _address = address;
        _known.Set();
    }

    /// <summary>Whether the coordinator serves them over HTTP; else everybody is on one machine, in one folder.</summary>
    public bool IsServed => _address is not null || _shared is null;

    public byte[] Get(string sha256)
    {
        foreach (var store in (IEnumerable<FileBlobStore?>)[_shared, _cache])
        {
            if (store?.Contains(sha256) == true)
            {
                try
                {
                    return store.Get(sha256);
                }
                catch (BlobMissingException damaged)
                {
                    Log.Warning("Blob {Blob} is fetched again: {Reason}", sha256, damaged.Message);
                }
            }
        }

        var content = Patiently($"fetch blob {sha256}", address => Fetch(address, sha256));
        Keep(content);
        return content;
    }

    public string Put(string owner, ReadOnlySpan<byte> content)
    {
        if (_address is null && _shared is not null)
        {
            return _shared.Put(owner, content);
        }

        var bytes = content.ToArray();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return Patiently($"bring blob {sha256}", address =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(address, $"api/v1/blobs/{sha256}?owner={Uri.EscapeDataString(owner)}")) { Content = new ByteArrayContent(bytes) };
            using var response = _http.Send(request);
            return Succeeded(response) ? sha256 : "";
        });
    }

    public bool Contains(string sha256) => _shared?.Contains(sha256) == true || _cache.Contains(sha256);

    /// <summary>Of a checkpoint; other blobs are the coordinator's to let go of.</summary>
    public void Release(string owner, string sha256) => Patiently($"let go of blob {sha256}", address =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(address, $"api/v1/blobs/{sha256}?owner={Uri.EscapeDataString(owner)}"));
        using var response = _http.Send(request);
        return Succeeded(response);
    });

    /// <summary>Of a checkpoint; who owns other blobs is the coordinator's to know.</summary>
    public IReadOnlyList<string> OwnedBy(string owner) => Patiently($"ask for {owner}", address =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, $"api/v1/blobs?owner={Uri.EscapeDataString(owner)}"));
        using var response = _http.Send(request);
        return Succeeded(response) ? JsonSerializer.Deserialize<List<string>>(response.Content.ReadAsStream())! : [];
    });

    public IReadOnlyList<string> Owners() => throw new NotSupportedException("Who owns blobs is the coordinator's to know.");

    /// <summary>Whoever waits here is let go; the events are left to the threads that may still look at them.</summary>
    public void Dispose()
    {
        _ended.Set();
        _http.Dispose();
    }

    private byte[] Fetch(Uri address, string sha256)
    {
        using var content = new MemoryStream();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, $"api/v1/blobs/{sha256}"));
            if (content.Length > 0)
            {
                request.Headers.Range = new RangeHeaderValue(content.Length, null);
            }

            using var response = _http.Send(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                throw new BlobMissingException(sha256, $"is not at {address.Authority}");
            }

            Succeeded(response);
            if (response.StatusCode != HttpStatusCode.PartialContent)
            {
                content.SetLength(0);
            }

            var before = content.Length;
            try
            {
                using var body = response.Content.ReadAsStream();
                body.CopyTo(content);
            }
            catch (IOException cut) when (content.Length > before)
            {
                Log.Warning("Blob {Blob} was cut off after {Bytes} bytes and goes on from there: {Reason}", sha256, content.Length, cut.Message);
                continue;
            }

            var bytes = content.ToArray();
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256 ? bytes : throw new BlobMissingException(sha256, $"came with other bytes from {address.Authority}");
        }
    }

    /// <exception cref="HttpRequestException">It did not.</exception>
    private static bool Succeeded(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            return true;
        }

        var said = "";
        try
        {
            using var body = response.Content.ReadAsStream();
            said = JsonNode.Parse(body)?["detail"]?.GetValue<string>();
        }
        catch (JsonException)
        {
            // Not the coordinator's own words: what stands between says the status, and no more.
        }

        throw new HttpRequestException(said is { Length: > 0 } ? said : $"the coordinator answered {(int)response.StatusCode} {response.ReasonPhrase}", null, response.StatusCode);
    }

    /// <summary>The same again would be answered the same.</summary>
    private static bool IsFinal(HttpStatusCode? status) =>
        status is HttpStatusCode.InsufficientStorage or (>= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.RequestTimeout and not HttpStatusCode.TooManyRequests);

    /// <summary>The cache holds what fits; what does not is fetched anew the next time.</summary>
    private void Keep(byte[] content)
    {
        if (Fits(content))
        {
            return;
        }

        foreach (var old in _cache.OwnedBy(CacheOwner))
        {
            _cache.Release(CacheOwner, old);
        }

        if (!Fits(content))
        {
            Log.Warning("A blob of {Bytes} bytes is larger than the cache and will be fetched for each use", content.Length);
        }
    }

    private bool Fits(byte[] content)
    {
        try
        {
            _cache.Put(CacheOwner, content);
            return true;
        }
        catch (BlobQuotaException)
        {
            return false;
        }
    }

    private T Patiently<T>(string what, Func<Uri, T> attempt)
    {
        var start = _time.GetTimestamp();
        for (var told = false; ; told = true)
        {
            try
            {
                return _address is { } address ? attempt(address)
                    : _known.Wait(Between) ? attempt(_address!)
                    : throw new HttpRequestException("no coordinator has said where its blobs are served");
            }
            catch (HttpRequestException refused) when (IsFinal(refused.StatusCode))
            {
                throw new IOException($"Could not {what}: {refused.Message}", refused);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                if (_time.GetElapsedTime(start) > Patience)
                {
                    throw new IOException($"Could not {what} in {Patience.TotalMinutes} minutes: {e.Message}", e);
                }

                if (!told)
                {
                    Log.Warning("Could not {What} yet: {Reason}. Trying again for {Minutes} minutes", what, e.Message, Patience.TotalMinutes);
                }

                if (_ended.Wait(Between))
                {
                    throw new OperationCanceledException("The worker ends.");
                }
            }
        }
    }
}
