using GpuPlatform.Classifier.Api;
using GpuPlatform.Classifier.Bus;
using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddSharedSettings();
builder.AddServiceDefaults();
builder.AddRules();
builder.Services.AddSingleton<ClassifierMetrics>();
builder.AddMessageBus();
builder.Services.AddOpenApi(ApiDocument.Describe);
builder.Services.AddProblemDetails(RouterRefusals.Explain);

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapDefaultEndpoints();
app.MapOpenApi(ApiDocument.Path);
app.MapGet("/", () => TypedResults.Redirect(ApiDocument.Path)).ExcludeFromDescription();
app.MapClassify();
app.MapRules();
app.Run();
