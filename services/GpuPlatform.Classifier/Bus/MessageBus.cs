using System.Text.Json;
using GpuPlatform.Contracts;
using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Classifier.Bus;

/// <summary>The classifier's side of the broker.</summary>
internal static class MessageBus
{
    private const string ConnectionKey = "ConnectionStrings:messaging";

    public static void AddMessageBus(this IHostApplicationBuilder builder)
    {
        var broker = BrokerAddress(builder.Configuration);

        // The bus library warns at every attempt to reconnect; BrokerWatch says it once per outage.
        builder.Logging.AddFilter("MassTransit", LogLevel.Error);
        builder.Services.AddSingleton<BrokerWatch>();
        builder.Services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<BrokerWatch>());
        builder.Services.AddHealthChecks().AddCheck<BrokerWatch>("broker", tags: ["ready"]);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(health => health.MinimalFailureStatus = HealthStatus.Healthy);
            bus.AddConsumer<ProcessObservedConsumer>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(broker);
                rabbit.ConfigureJsonSerializerOptions(ReadTolerantly);
                foreach (var queue in WireTopology.QueuesFor<ProcessClassified>())
                    rabbit.Publish<ProcessClassified>(verdict => verdict.BindQueue(queue, queue));
                rabbit.ReceiveEndpoint(WireTopology.ClassifierQueue, endpoint =>
                {
                    endpoint.PrefetchCount = 64;
                    endpoint.ConfigureConsumer<ProcessObservedConsumer>(context);
                });
            });
        });
    }

    internal static JsonSerializerOptions ReadTolerantly(JsonSerializerOptions options)
    {
        options.Converters.Add(new TolerantEnumConverter());
        return options;
    }

    internal static Uri BrokerAddress(IConfiguration configuration)
    {
        var text = configuration[ConnectionKey];
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps" && address.Host.Length > 0)
            return address;
        throw new InvalidOperationException(
            $"{ConnectionKey} {(string.IsNullOrEmpty(text) ? "is missing" : "is not a broker address")}: expected amqp://user:password@host:port");
    }
}
