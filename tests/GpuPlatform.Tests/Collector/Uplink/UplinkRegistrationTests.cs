using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Uplink;

public sealed class UplinkRegistrationTests
{
    [Theory]
    [InlineData(null, UplinkState.Disabled, HealthStatus.Healthy)]
    [InlineData("amqp://guest:secret@127.0.0.1:1", UplinkState.Disconnected, HealthStatus.Degraded)]
    internal async Task The_health_check_tells_a_missing_broker_from_one_out_of_reach(string? address, UplinkState state, HealthStatus status)
    {
        await using var app = Build(new KeyValuePair<string, string?>("ConnectionStrings:messaging", address));
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(state, app.Services.GetRequiredService<BrokerUplink>().State);
        Assert.Equal(status, report.Entries["broker"].Status);
    }

    [Theory]
    [InlineData("localhost:5672")]
    [InlineData("http://guest:secret@localhost:5672")]
    [InlineData("guest:secret@localhost")]
    [InlineData("amqp://guest:secret@localhost/one/two")]
    [InlineData("amqp://guest:a:secret@localhost:5672")]
    internal void A_connection_string_that_is_none_is_refused_without_repeating_it(string address)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Build(new KeyValuePair<string, string?>("ConnectionStrings:messaging", address)));

        Assert.Contains("ConnectionStrings:messaging", exception.Message);
        Assert.DoesNotContain("secret", exception.Message);
    }

    [Theory]
    [InlineData("Uplink:QueueCapacity", "0")]
    [InlineData("Uplink:QueueCapacityBytes", "1000")]
    internal void Bounds_that_make_no_sense_are_refused_by_their_key(string key, string value)
    {
        using var app = (IDisposable)Build(new KeyValuePair<string, string?>(key, value));
        var exception = Assert.Throws<OptionsValidationException>(() => ((WebApplication)app).Services.GetRequiredService<IOptions<UplinkOptions>>().Value);

        Assert.Contains(key, exception.Message);
    }

    [Fact]
    public void A_message_nobody_declared_is_an_error_of_the_caller()
    {
        var uplink = new BrokerUplink(new UplinkTopology(), new UplinkQueue(1, 1_000), TimeProvider.System, isEnabled: true);

        Assert.Throws<InvalidOperationException>(() => uplink.Enqueue(Samples.Host(), UplinkJson.Default.EnvelopeHostSampled));
    }

    private static WebApplication Build(params KeyValuePair<string, string?>[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.AddUplink(types => types.Add<GpuSampled>().Add<HostSampled>().Add<GpuProcessObserved>());
        return builder.Build();
    }
}
