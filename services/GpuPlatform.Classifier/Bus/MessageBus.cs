using GpuPlatform.Classifier.Verdicts;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Classifier.Bus;

/// <summary>The classifier's side of the broker.</summary>
internal static class MessageBus
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(10);
    private const int MostUnheard = 10_000;
    private const int MostProcesses = 10_000;

    public static void AddMessageBus(this IHostApplicationBuilder builder)
    {
        var broker = BrokerAddress.Read(builder.Configuration);

        // The bus library warns at every attempt to reconnect; BrokerWatch says it once per outage.
        builder.Logging.AddFilter("MassTransit", LogLevel.Error);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new VerdictHistory(MostProcesses));
        builder.Services.AddSingleton<ProcessJudge>();
        builder.Services.AddSingleton<BrokerWatch>();
        builder.Services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<BrokerWatch>());
        builder.Services.AddHealthChecks().AddCheck<BrokerWatch>("broker", tags: ["ready"]);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(health => health.MinimalFailureStatus = HealthStatus.Healthy);
            bus.AddConsumer<ProcessObservedConsumer>();
            bus.AddConsumer<ProcessClassifiedConsumer>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(broker);
                rabbit.ConfigureJsonSerializerOptions(TolerantEnumConverter.AddTo);
                foreach (var queue in WireTopology.QueuesFor<ProcessClassified>())
                    rabbit.Publish<ProcessClassified>(verdict => verdict.BindQueue(queue, queue));
                rabbit.ReceiveEndpoint(WireTopology.ClassifierQueue, endpoint =>
                {
                    endpoint.PrefetchCount = 64;
                    endpoint.UseMessageRetry(retry => retry.Exponential(20, FirstRetry, LastRetry, FirstRetry));
                    endpoint.ConfigureConsumer<ProcessObservedConsumer>(context);
                });
                rabbit.ReceiveEndpoint(new TemporaryEndpointDefinition("classifier-replica"), DefaultEndpointNameFormatter.Instance, endpoint =>
                {
                    endpoint.PrefetchCount = 64;
                    endpoint.SetQueueArgument("x-max-length", MostUnheard);
                    endpoint.ConfigureConsumer<ProcessClassifiedConsumer>(context);
                });
            });
        });
    }
}
