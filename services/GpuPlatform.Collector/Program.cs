using GpuPlatform.Collector;
using GpuPlatform.Collector.Api;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults.Settings;

if (GuardCommand.Find(args) is { } command) return await command.RunAsync(Console.Out, Console.Error);
SocketTuning.Apply();
var settings = EffectiveSettings.Read(CollectorSettings.Catalog, SettingsPlaces.OfThisProcess(args));
if (settings.Command == SettingsCommand.Help)
{
    SettingsReport.WriteHelp(CollectorSettings.Catalog, Console.Out);
    return 0;
}
if (settings.Command == SettingsCommand.PrintConfig) SettingsReport.WriteEffective(settings, Console.Out);
if (!StartProblems.TryBuild(settings, () => Build(settings), Console.Error, out var app)) return 1;
return settings.Command == SettingsCommand.PrintConfig ? 0 : await StartProblems.RunAsync(app, Console.Error);

static WebApplication Build(EffectiveSettings settings)
{
    var builder = SettingsSource.CreateBuilder(settings);
    builder.AddServiceDefaults();
    builder.AddUplink(SamplingRegistration.NodeId, messages => messages
        .Add<GpuSampled>().Add<HostSampled>().Add<GpuProcessObserved>()
        .Add<LlmRequestCompleted>().Add<LlmActivity>().Add<ModelResidencyChanged>().Add<GuardChanged>());
    builder.AddSampling();
    builder.AddOllama();
    builder.AddGuard();
    builder.AddGpuApi();
    builder.UseDefaultUrl();

    var app = builder.Build();
    app.MapDefaultEndpoints();
    app.MapGpuApi();
    return app;
}
