using GpuPlatform.History;
using GpuPlatform.History.Api;
using GpuPlatform.History.Bus;
using GpuPlatform.History.Storage;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddSharedSettings();
builder.AddServiceDefaults();
builder.AddHistory();
Databases.AddTo(builder);
builder.AddMessageBus();
builder.Services.AddOpenApi(ApiDocument.Describe);
builder.Services.AddProblemDetails(ApiProblems.Explain);

var app = builder.Build();
app.UseExceptionHandler(ApiProblems.Handling);
app.UseStatusCodePages();
app.MapDefaultEndpoints();
app.MapOpenApi(ApiDocument.Path);
app.MapGet("/", () => TypedResults.Redirect(ApiDocument.Path)).ExcludeFromDescription();
app.MapRealtime();
app.MapHistorical();
app.MapLive();
app.MapLlm();
app.MapGuard();
app.MapProcesses();
app.MapNodeGuard();
app.MapCapacity();
app.Run();
