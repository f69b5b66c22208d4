using GpuPlatform.Collector.Capacity;
using GpuPlatform.Collector.Guard.Eviction;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Collector.Questions;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Simulated;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Collector.Uplink.Spooling;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Guard;

internal static class GuardRegistration
{
    /// <summary>
    /// Adds what hands GPUs over. It takes <see cref="IModelGate"/>, <see cref="IModelEviction"/>, <see cref="IRunnerSignals"/>, <see cref="IVerdicts"/> and <see cref="IProcessEvents"/>, and
    /// <see cref="IGameReports"/> where there is one, from those who add them.
    /// </summary>
    public static TBuilder AddGuard<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<GuardOptions>, GuardOptions>();
        services.AddOptions<GuardOptions>().BindConfiguration(GuardOptions.Section).ValidateOnStart();
        services.AddSingleton<IGuardPublisher>(provider => provider.GetRequiredService<UplinkPublisher>());
        services.AddSingleton<GuardMetrics>();
        services.AddKeyedSingleton(GuardOptions.Section, (provider, _) => new Nudge(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new HostGuard(Parts(provider)));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<GuardLoop>(provider, Nudge(provider)));
        services.AddHostedService(provider => provider.GetRequiredService<GuardLoop>());
        services.AddTcpSockets();
        services.AddCapacity();
        services.AddQuestions();
        services.AddHealthChecks().AddCheck<GuardHealthCheck>("guard");
        return builder;
    }

    private static GuardParts Parts(IServiceProvider provider)
    {
        var logger = provider.GetRequiredService<ILogger<HostGuard>>();
        var latest = provider.GetRequiredService<LatestSample>();
        var servers = Servers(provider, logger);
        var own = new OwnProcesses(
            [.. servers.Select(server => server.Server)], [.. servers.Where(server => server.IsHere).Select(server => server.Server)], new ProcessTree(Root(provider), provider.GetRequiredService<ITcpSockets>()));
        return new GuardParts
        {
            NodeId = SamplingRegistration.NodeId(provider),
            Options = provider.GetRequiredService<IOptions<GuardOptions>>().Value,
            Time = provider.GetRequiredService<TimeProvider>(),
            Latest = latest,
            Pace = provider.GetRequiredService<SamplingPace>(),
            Gate = Invented(provider) is { } invented ? new SimulatedGate(provider.GetRequiredService<IModelGate>(), invented) : provider.GetRequiredService<IModelGate>(),
            Llm = provider.GetRequiredService<ILlmServers>(),
            Publisher = provider.GetRequiredService<IGuardPublisher>(),
            Signals = provider.GetRequiredService<IRunnerSignals>(),
            Sight = new GuardSight(latest, provider.GetRequiredService<IVerdicts>(), own),
            File = new GuardFile(PathOf(provider), provider.GetRequiredService<TimeProvider>(), logger),
            Metrics = provider.GetRequiredService<GuardMetrics>(),
            AskForLook = provider.GetRequiredService<ProcessLook>().Ask,
            Servers = servers,
            Games = provider.GetService<IGameReports>(),
            Logger = logger,
        };
    }

    private static List<ServerModels> Servers(IServiceProvider provider, ILogger logger)
    {
        var stop = provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var (eviction, time, nudge) = (provider.GetRequiredService<IModelEviction>(), provider.GetRequiredService<TimeProvider>(), Nudge(provider));
        // An invented game must not take a real model from anybody who did not ask for it
        var isInvented = provider.GetRequiredService<IOptions<GpuOptions>>().Value.Source == SourceInfo.Simulated;
        var servers = provider.GetRequiredService<IOptions<OllamaOptions>>().Value.Servers().Where(server => !isInvented || server.Gpus is { Count: > 0 });
        var models = servers.Select(server => new ServerModels(server, ServerPlace.IsHere(server), eviction, time, nudge.Set, logger, stop));
        // First, since the invented processes are its
        return [.. Invented(provider) is { } invented ? [new ServerModels(SimulatedServer.Server, isHere: false, invented, time, nudge.Set, logger, stop)] : Array.Empty<ServerModels>(), .. models];
    }

    private static SimulatedServer? Invented(IServiceProvider provider) =>
        provider.GetRequiredService<IReadOnlyList<IGpuSource>>().OfType<SimulatedSource>().FirstOrDefault()?.Server;

    // Beside the folder of what waits for the broker: whoever keeps nothing on disk keeps no state there either
    private static string? PathOf(IServiceProvider provider)
    {
        var configured = provider.GetRequiredService<IOptions<UplinkOptions>>().Value.SpoolPath;
        var node = SamplingRegistration.NodeId(provider);
        return configured != "" && SpoolFolder.Choose(configured, node, Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess) is { } folder
            ? Path.Combine(Path.GetDirectoryName(folder)!, $"guard-{node}.json")
            : null;
    }

    private static Nudge Nudge(IServiceProvider provider) => provider.GetRequiredKeyedService<Nudge>(GuardOptions.Section);

    private static string Root(IServiceProvider provider) => provider.GetRequiredService<IOptions<GpuOptions>>().Value.Root;
}
