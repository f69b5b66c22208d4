using GpuPlatform.Collector;
using GpuPlatform.Collector.Api;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;

if (!StartProblems.TryBuild(() => Build(args), Console.Error, out var app))
    return 1;
return await StartProblems.RunAsync(app, Console.Error);

static WebApplication Build(string[] args)
{
    // The settings beside the program count, whatever directory it was started from
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddServiceDefaults();
    builder.AddUplink(SamplingRegistration.NodeId, messages => messages.Add<GpuSampled>().Add<HostSampled>().Add<GpuProcessObserved>());
    builder.AddSampling();
    builder.AddGpuApi();
    builder.UseDefaultUrl();

    var app = builder.Build();
    app.MapDefaultEndpoints();
    app.MapGpuApi();
    return app;
}
