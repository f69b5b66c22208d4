using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Tests.ServiceDefaults.Health;

public sealed class HealthTests
{
    [Theory]
    [InlineData(HealthStatus.Healthy, HttpStatusCode.OK)]
    [InlineData(HealthStatus.Degraded, HttpStatusCode.OK)]
    [InlineData(HealthStatus.Unhealthy, HttpStatusCode.ServiceUnavailable)]
    public async Task Health_says_what_each_check_says(HealthStatus status, HttpStatusCode expected)
    {
        await using var host = await DefaultsHost.StartAsync(configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("store", () => new HealthCheckResult(status, "said \"so\"")));
        using var response = await host.Client.GetAsync(new Uri("/health", UriKind.Relative));
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(status.ToString(), body.RootElement.GetProperty("status").GetString());
        var check = body.RootElement.GetProperty("checks").GetProperty("store");
        Assert.Equal(status.ToString(), check.GetProperty("status").GetString());
        Assert.Equal("said \"so\"", check.GetProperty("description").GetString());
    }

    [Fact]
    public async Task Alive_asks_only_the_process_itself()
    {
        await using var host = await DefaultsHost.StartAsync(configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("store", () => HealthCheckResult.Unhealthy("down")));
        using var response = await host.Client.GetAsync(new Uri("/alive", UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("self", body);
        Assert.DoesNotContain("store", body);
    }
}
