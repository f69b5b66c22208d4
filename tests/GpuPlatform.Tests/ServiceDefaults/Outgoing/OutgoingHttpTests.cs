using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.ServiceDefaults.Outgoing;

public sealed class OutgoingHttpTests
{
    [Fact]
    public async Task Clients_find_services_by_name_and_skip_one_that_is_down()
    {
        await using var target = await DefaultsHost.StartAsync(map: app => app.MapGet("/who", () => "target"));
        await using var caller = await DefaultsHost.StartAsync(
            [new("services:target:http:0", $"http://127.0.0.1:{ClosedPort()}"), new("services:target:http:1", target.Client.BaseAddress!.ToString()), new("Outgoing:RetryDelay", "00:00:00")]);
        var client = Client(caller, "https+http://target");

        Assert.Equal("target", await client.GetStringAsync(new Uri("/who", UriKind.Relative)));
    }

    [Fact]
    public async Task A_name_that_neither_configuration_nor_network_knows_is_explained()
    {
        await using var caller = await DefaultsHost.StartAsync([new("Outgoing:RetryCount", "0")]);

        var unknown = await Assert.ThrowsAnyAsync<HttpRequestException>(() => Client(caller, "https+http://nowhere").GetStringAsync(new Uri("/", UriKind.Relative)));
        Assert.Contains("services__nowhere__http__0", unknown.Message);
    }

    [Fact]
    public async Task A_stream_outlives_the_total_time()
    {
        var mayEnd = new TaskCompletionSource();
        await using var target = await DefaultsHost.StartAsync(map: app => app.MapGet("/live", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("data: first\n\n");
            await context.Response.Body.FlushAsync();
            await mayEnd.Task;
            await context.Response.WriteAsync("data: second\n\n");
        }));
        await using var caller = await DefaultsHost.StartAsync(
            [new("services:target:http:0", target.Client.BaseAddress!.ToString()), new("Outgoing:AttemptTimeout", "00:00:02"), new("Outgoing:TotalTimeout", "00:00:02")]);
        using var response = await Client(caller, "http://target").GetAsync(new Uri("/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("data: first", await reader.ReadLineAsync());
        await reader.ReadLineAsync();

        // The timer of the call would have fired by the time this one, set later and longer, has.
        using var past = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var waited = new TaskCompletionSource();
        await using var registration = past.Token.Register(waited.SetResult);
        await waited.Task;
        mayEnd.SetResult();

        Assert.Equal("data: second", await reader.ReadLineAsync());
    }

    [Theory]
    [InlineData("Outgoing:RetryCount", "99", "Outgoing:RetryCount")]
    [InlineData("Outgoing:AttemptTimeout", "00:10:00", "Outgoing:AttemptTimeout")]
    [InlineData("Outgoing:TotalTimeout", "-00:00:01", "Outgoing:TotalTimeout")]
    [InlineData("Outgoing:RetryTimes", "3", "Outgoing:RetryTimes is unknown; known are AttemptTimeout, TotalTimeout, RetryCount, RetryDelay, MaxRetryAfter")]
    internal async Task Bad_settings_stop_the_start_and_name_the_key(string key, string value, string named)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => DefaultsHost.StartAsync([new(key, value)]));

        Assert.Contains(named, exception.Message);
    }

    [Fact]
    public async Task A_value_of_the_wrong_form_stops_the_start()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => DefaultsHost.StartAsync([new("Outgoing:RetryCount", "many")]));

        Assert.Contains("Outgoing:RetryCount", exception.Message);
    }

    private static HttpClient Client(DefaultsHost host, string address)
    {
        var client = host.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = new Uri(address);
        return client;
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
