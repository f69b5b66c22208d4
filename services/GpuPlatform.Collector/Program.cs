using GpuPlatform.Collector;
using GpuPlatform.Collector.Api;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddSingleton<BrokerUplink>();
builder.AddSampling();
builder.AddGpuApi();
builder.UseDefaultUrl();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGpuApi();
if (!StartProblems.NoneIn(app.Services, Console.Error))
    return 1;
await app.RunAsync();
return 0;
