using GpuPlatform.Collector.Guard.Eviction;
using GpuPlatform.Collector.Ollama;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Guard.Gate;

internal static class GateRegistration
{
    /// <summary>Adds the gate before the model servers, and what makes their models leave. Nothing happens at either until somebody asks for it.</summary>
    public static void AddGate(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<GateOptions>, GateOptions>();
        services.AddOptions<GateOptions>().BindConfiguration(GateOptions.Section).ValidateOnStart();
        // What looks after the servers knows the proxy, and the proxy knows the gate
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ModelGate>(provider, new Lazy<ILlmServers>(provider.GetRequiredService<ILlmServers>)));
        services.AddSingleton<IModelGate>(provider => provider.GetRequiredService<ModelGate>());
        services.AddSingleton<IModelEviction, ModelEviction>();
        services.AddSingleton<IRunnerSignals, RunnerSignals>();
    }
}
