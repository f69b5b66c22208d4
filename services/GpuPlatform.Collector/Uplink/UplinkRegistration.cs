using GpuPlatform.Collector.Uplink.Spooling;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Uplink;

internal static class UplinkRegistration
{
    private const string Section = "Uplink";
    private const string ConnectionName = "messaging";

    /// <summary>Adds a <see cref="BrokerUplink"/> to the broker of <c>ConnectionStrings:messaging</c>; without one it is disabled.</summary>
    /// <param name="nodeId">The host's id: what waits on disk lies in a folder of that name.</param>
    /// <param name="declare">Adds the message types that will be sent.</param>
    /// <remarks>To be called before the services that send are added: they are then stopped before the uplink empties its queue.</remarks>
    public static IHostApplicationBuilder AddUplink(this IHostApplicationBuilder builder, Func<IServiceProvider, string> nodeId, Action<UplinkTopology> declare)
    {
        var topology = new UplinkTopology();
        declare(topology);
        var broker = Broker(builder.Configuration);
        var connector = broker is null ? null : new RabbitConnector(broker, topology, $"{builder.Environment.ApplicationName} {Environment.MachineName}");

        var services = builder.Services;
        services.AddSingleton<IValidateOptions<UplinkOptions>, UplinkOptionsValidator>();
        services.AddOptions<UplinkOptions>()
            .BindConfiguration(Section)
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => NewBacklog(provider, nodeId, topology));
        services.AddSingleton(provider => new BrokerUplink(
            topology, provider.GetRequiredService<UplinkBacklog>(), provider.GetRequiredService<TimeProvider>(), isEnabled: connector is not null));
        services.AddSingleton<UplinkMetrics>();
        services.AddHostedService(provider => new UplinkLoop(
            provider.GetRequiredService<BrokerUplink>(), provider.GetRequiredService<UplinkBacklog>(), connector,
            provider.GetRequiredService<UplinkMetrics>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<UplinkLoop>>()));
        services.AddHealthChecks().AddCheck<UplinkHealthCheck>("broker");
        return builder;
    }

    /// <summary>The broker's address, or null when there is none in the configuration.</summary>
    public static Uri? Broker(IConfiguration configuration) => RabbitConnector.ParseAddress(configuration.GetConnectionString(ConnectionName));

    // The files are opened by the loop, not here: without a broker none is ever made
    private static UplinkBacklog NewBacklog(IServiceProvider provider, Func<IServiceProvider, string> nodeId, UplinkTopology topology)
    {
        var options = provider.GetRequiredService<IOptions<UplinkOptions>>().Value;
        var time = provider.GetRequiredService<TimeProvider>();
        var folder = SpoolFolder.Choose(options.SpoolPath, nodeId(provider), Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess);
        var spool = options.SpoolPath == "" ? null : new SpoolStage(Open, time, provider.GetRequiredService<ILogger<SpoolStage>>());
        return new(new(options.QueueCapacity, options.QueueCapacityBytes), spool, time);

        Spool Open() => folder is null
            ? throw new IOException("no folder is known, since HOME is not set; set Uplink:SpoolPath")
            : new(folder, SpoolLimits.For(options.SpoolCapacityBytes), topology.Find);
    }
}
