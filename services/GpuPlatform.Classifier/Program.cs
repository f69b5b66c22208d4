using GpuPlatform.Classifier.Bus;
using GpuPlatform.Classifier.RuleFiles;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddSharedSettings();
builder.AddServiceDefaults();
builder.Services.AddSingleton(new ActiveRules(RuleBook.Of(BuiltInRules.Create())));
builder.Services.AddSingleton<ClassifierMetrics>();
builder.AddMessageBus();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
