using GpuPlatform.Contracts;
using GpuPlatform.History.Questions;
using GpuPlatform.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace GpuPlatform.History.Bus;

/// <summary>History's side of the broker.</summary>
internal static class MessageBus
{
    private static readonly TimeSpan ConsumerStop = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BusStop = TimeSpan.FromSeconds(5);
    private const int MostAnswers = 64;
    private const int MostUnheard = 10_000;

    public static void AddMessageBus(this IHostApplicationBuilder builder)
    {
        var broker = BrokerAddress.Read(builder.Configuration);

        // The bus library warns at every attempt to reconnect; BrokerWatch says it once per outage.
        builder.Logging.AddFilter("MassTransit", LogLevel.Error);
        builder.Services.AddSingleton<BrokerWatch>();
        builder.Services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<BrokerWatch>());
        builder.Services.AddHealthChecks().AddCheck<BrokerWatch>("broker", tags: ["ready"]);
        builder.Services.AddReceiveObserver(provider => new UnreadableMessages(provider.GetRequiredService<HistoryMetrics>()));
        // A consumer that waits for the database is called off after this; its message goes back to the broker.
        builder.Services.Configure<MassTransitHostOptions>(host => (host.ConsumerStopTimeout, host.StopTimeout) = (ConsumerStop, BusStop));
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(health => health.MinimalFailureStatus = HealthStatus.Healthy);
            bus.AddConsumer<GpuSampledConsumer>();
            bus.AddConsumer<HostSampledConsumer>();
            bus.AddConsumer<ProcessObservedConsumer>();
            bus.AddConsumer<ProcessClassifiedConsumer>();
            bus.AddConsumer<LlmRequestCompletedConsumer>();
            bus.AddConsumer<LlmActivityConsumer>();
            bus.AddConsumer<ModelResidencyChangedConsumer>();
            bus.AddConsumer<GuardChangedConsumer>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                var concurrency = context.GetRequiredService<IOptions<HistoryOptions>>().Value.IngestConcurrency;
                rabbit.Host(broker);
                rabbit.ConfigureJsonSerializerOptions(TolerantEnumConverter.AddTo);
                rabbit.ReceiveEndpoint(WireTopology.HistoryQueue, endpoint =>
                {
                    endpoint.PrefetchCount = 4 * concurrency;
                    endpoint.ConcurrentMessageLimit = concurrency;
                    endpoint.ConfigureConsumers(context);
                });
                // To each replica its own: any of them may have asked
                rabbit.ReceiveEndpoint(new TemporaryEndpointDefinition("history-answers"), DefaultEndpointNameFormatter.Instance, endpoint =>
                {
                    endpoint.PrefetchCount = MostAnswers;
                    endpoint.SetQueueArgument("x-max-length", MostUnheard);
                    endpoint.Handler<NodeAnswered>(answer =>
                    {
                        if (context.GetRequiredService<PendingQuestions>().Take(answer.Message) is { } problem && problem != PendingQuestions.NotWaitedFor)
                            context.GetRequiredService<HistoryMetrics>().CountRefused("node-answered", problem);
                        return Task.CompletedTask;
                    });
                });
            });
        });
    }
}
