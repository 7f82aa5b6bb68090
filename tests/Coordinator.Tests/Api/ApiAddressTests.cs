using TuningCluster.Coordinator.Api;

namespace TuningCluster.Coordinator.Tests.Api;

public sealed class ApiAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", "", null)]
    [InlineData("http://localhost:8080", "", null)]
    [InlineData("[::1]:0", "", null)]
    [InlineData("127.0.0.1:8080", "token", null)]
    [InlineData("0.0.0.0:8443", "certificates token", null)]
    [InlineData("https://node1:8443", "certificates token", null)]
    [InlineData("0.0.0.0:8080", "anonymous", null)]
    [InlineData("http://a/b", "", "is no address")]
    [InlineData(":80", "", "is no address")]
    [InlineData("http://", "", "is no address")]
    [InlineData("here", "", "is not loopback")]
    [InlineData("ftp://127.0.0.1:1", "", "asks for ftp. Write http:// or https://")]
    [InlineData("https://127.0.0.1:1", "", "asks for https, and there are no certificates")]
    [InlineData("0.0.0.0:8080", "", "is not loopback, and http is read and changed on its way")]
    [InlineData("0.0.0.0:8080", "token", "is not loopback, and http is read and changed on its way")]
    [InlineData("http://node1:8080", "certificates token", "is not loopback, and http is read and changed on its way")]
    [InlineData("node1:8443", "certificates", "anybody could steer the studies. Give --token-file FILE")]
    public void Is_refused_where_strangers_could_come(string text, string protection, string? fault)
    {

        var found = ApiAddress.Fault(text, new ApiAddress.Protection(protection.Contains("certificates", StringComparison.Ordinal), protection.Contains("token", StringComparison.Ordinal), protection == "anonymous"));
        if (fault is null)
        {
            Assert.Null(found);
        }
        else
        {
            Assert.Contains(fault, found, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("0.0.0.0:0", "node1", 7, "http://node1:7/")]
    [InlineData("[::]:0", "node1", 7, "http://node1:7/")]
    [InlineData("10.0.0.1:0", "node1", 7, "http://10.0.0.1:7/")]
    [InlineData("127.0.0.1:0", "127.0.0.1", 7, "http://127.0.0.1:7/")]
    public void Is_told_to_workers_as_they_reach_it(string text, string hostname, int port, string told) =>
        Assert.Equal(told, new ApiListener(ApiAddress.Parse(text)!, hostname, null, null).Public(port).ToString());
}
