using GpuPlatform.Classifier.Bus;
using GpuPlatform.Classifier.Rules;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddSharedSettings();
builder.AddServiceDefaults();
builder.Services.AddSingleton(BuiltInRules.Create());
builder.Services.AddSingleton<ClassifierMetrics>();
builder.AddMessageBus();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
