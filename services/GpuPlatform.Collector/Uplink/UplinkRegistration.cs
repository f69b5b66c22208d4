using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Uplink;

internal static class UplinkRegistration
{
    private const string Section = "Uplink";
    private const string ConnectionName = "messaging";

    /// <summary>Adds a <see cref="BrokerUplink"/> to the broker of <c>ConnectionStrings:messaging</c>; without one it is disabled.</summary>
    /// <param name="declare">Adds the message types that will be sent.</param>
    /// <remarks>To be called before the services that send are added: they are then stopped before the uplink empties its queue.</remarks>
    public static IHostApplicationBuilder AddUplink(this IHostApplicationBuilder builder, Action<UplinkTopology> declare)
    {
        var topology = new UplinkTopology();
        declare(topology);
        var broker = RabbitConnector.ParseAddress(builder.Configuration.GetConnectionString(ConnectionName));
        var connector = broker is null ? null : new RabbitConnector(broker, topology, $"{builder.Environment.ApplicationName} {Environment.MachineName}");

        var services = builder.Services;
        services.AddSingleton<IValidateOptions<UplinkOptions>, UplinkOptionsValidator>();
        services.AddOptions<UplinkOptions>()
            .BindConfiguration(Section)
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => NewQueue(provider.GetRequiredService<IOptions<UplinkOptions>>().Value));
        services.AddSingleton(provider => new BrokerUplink(
            topology, provider.GetRequiredService<UplinkQueue>(), provider.GetRequiredService<TimeProvider>(), isEnabled: connector is not null));
        services.AddSingleton<UplinkMetrics>();
        services.AddHostedService(provider => new UplinkLoop(
            provider.GetRequiredService<BrokerUplink>(), provider.GetRequiredService<UplinkQueue>(), connector,
            provider.GetRequiredService<UplinkMetrics>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<UplinkLoop>>()));
        services.AddHealthChecks().AddCheck<UplinkHealthCheck>("broker");
        return builder;
    }

    private static UplinkQueue NewQueue(UplinkOptions options) => new(options.QueueCapacity, options.QueueCapacityBytes);
}
