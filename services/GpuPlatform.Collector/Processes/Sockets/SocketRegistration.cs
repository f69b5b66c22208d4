using GpuPlatform.Collector.Sampling;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Processes.Sockets;

internal static class SocketRegistration
{
    /// <summary>Adds the view of this host's sockets, once, however many ask for it.</summary>
    public static void AddTcpSockets(this IServiceCollection services) =>
        services.TryAddSingleton<ITcpSockets>(provider => new HostSockets(
            provider.GetRequiredService<IOptions<GpuOptions>>().Value.Root, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<HostSockets>>()));
}
