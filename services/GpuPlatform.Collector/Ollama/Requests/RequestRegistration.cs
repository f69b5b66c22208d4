using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Collector.Sampling;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Requests;

internal static class RequestRegistration
{
    /// <summary>Adds the account of requests: who asks, what runs, what ended.</summary>
    public static void AddRequests(this IServiceCollection services)
    {
        services.AddSingleton<RequestLog>();
        services.AddSingleton<RequestEntry>();
        services.AddSingleton<RunningRequests>();
        services.AddSingleton<RecentRequests>();
        services.AddSingleton<IRecordSink>(provider => provider.GetRequiredService<RecentRequests>());
        services.AddSingleton<ClientIdentity>();
        services.AddSingleton(provider => new ClientNames(
            provider.GetRequiredService<IMeterFactory>().Create(CollectorTelemetry.Name).CreateCounter<long>(
                "gpuplatform_llm_unnamed_clients_total", unit: null, "Requests counted under the client 'other', since there are too many names."),
            provider.GetRequiredService<ILogger<ClientNames>>()));
        services.AddTcpSockets();
        services.AddSingleton(ProcessesOf);
        services.AddSingleton<IRequestObserver>(provider => provider.GetRequiredService<ClientProcesses>());
        services.AddHostedService(provider => provider.GetRequiredService<ClientProcesses>());
    }

    // A reader of its own: it is used by one thread, and that of the GPUs' processes has its turn with each tick
    private static ClientProcesses ProcessesOf(IServiceProvider provider)
    {
        var root = provider.GetRequiredService<IOptions<GpuOptions>>().Value.Root;
        var time = provider.GetRequiredService<TimeProvider>();
        return new ClientProcesses(
            provider.GetRequiredService<IOptions<OllamaOptions>>(), provider.GetRequiredService<ITcpSockets>(), new SocketHolders(root, time), new ProcFs(root),
            provider.GetRequiredService<ClientNames>(), time, provider.GetRequiredService<ILogger<ClientProcesses>>());
    }
}
