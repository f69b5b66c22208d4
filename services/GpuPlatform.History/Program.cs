using GpuPlatform.History;
using GpuPlatform.History.Api;
using GpuPlatform.History.Bus;
using GpuPlatform.History.Storage;
using Npgsql;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddHistory();
Databases.AddTo(builder);
builder.AddMessageBus();
builder.Services.AddOpenApi(ApiDocument.Describe);
builder.Services.AddProblemDetails();

var app = builder.Build();
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    StatusCodeSelector = failure => failure is NpgsqlException or TimeoutException
        ? StatusCodes.Status503ServiceUnavailable
        : StatusCodes.Status500InternalServerError,
});
app.UseStatusCodePages();
app.MapDefaultEndpoints();
app.MapOpenApi(ApiDocument.Path);
app.MapGet("/", () => TypedResults.Redirect(ApiDocument.Path)).ExcludeFromDescription();
app.MapRealtime();
app.MapHistorical();
app.MapLive();
app.Run();
