using System.Text;
using System.Text.Json;
using GpuPlatform.Classifier.Api;
using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.ServiceDefaults;
using GpuPlatform.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GpuPlatform.Tests.Classifier.Api;

/// <summary>The classifier as its program puts it together, without the broker, with an empty folder of user rules.</summary>
internal sealed class ClassifierHost(WebApplication app, TemporaryTree folder) : IAsyncDisposable
{
    public TemporaryTree Folder => folder;

    public HttpClient Client { get; } = new() { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(60) };

    public static async Task<ClassifierHost> StartAsync()
    {
        var folder = new TemporaryTree();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(ClassifierHost).Assembly.GetName().Name, EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection([new("Classifier:RulesPath", folder.Root)]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        builder.AddRules();
        builder.Services.AddOpenApi(ApiDocument.Describe);
        builder.Services.AddProblemDetails(RouterRefusals.Explain);
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapDefaultEndpoints();
        app.MapOpenApi(ApiDocument.Path);
        app.MapClassify();
        app.MapRules();
        await app.StartAsync();
        return new ClassifierHost(app, folder);
    }

    public async Task<(int Status, JsonElement Body)> PostAsync(string path, string body, string type = "application/json", string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var response = await Client.SendAsync(request);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await Client.GetStringAsync(path)).RootElement;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        folder.Dispose();
    }
}
