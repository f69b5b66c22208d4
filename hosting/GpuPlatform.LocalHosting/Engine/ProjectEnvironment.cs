using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace GpuPlatform.LocalHosting.Engine;

/// <summary>The environment of a project, name for name and value for value as Aspire gives it in run mode.</summary>
internal static partial class ProjectEnvironment
{
    private static readonly string[] CallersTelemetry = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS"];

    public static void AddDefaults(IDictionary<string, string> variables, ProjectResource project, DistributedApplicationBuilder builder) =>
        AddDefaults(variables, project, builder.IsDevelopment, builder.Configuration);

    public static void AddDefaults(IDictionary<string, string> variables, ProjectResource project, bool isDevelopment, IConfiguration configuration)
    {
        AddTelemetry(variables, project.Name, isDevelopment, configuration);
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        if (project.Endpoints.Count > 0)
            variables["ASPNETCORE_URLS"] = string.Join(';', project.Endpoints.Select(endpoint => endpoint.Url));
        if (project.Endpoints.FirstOrDefault(endpoint => endpoint.Scheme == "https") is { } https)
            variables["ASPNETCORE_HTTPS_PORT"] = $"{https.Port}";
        if (project.LaunchProfile is not { } profile) return;
        variables.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name);
        foreach (var (name, value) in profile.EnvironmentVariables) variables.TryAdd(name, value);
    }

    public static void AddConnection(IDictionary<string, string> variables, IResource source, string connectionName)
    {
        foreach (var (property, value) in ConnectionFacts.Of(source))
            variables[property.Length == 0 ? $"ConnectionStrings__{connectionName}" : $"{Encode(connectionName)}_{property.ToUpperInvariant()}"] = value;
    }

    public static void AddEndpoints(IDictionary<string, string> variables, ProjectResource source)
    {
        foreach (var endpoint in source.Endpoints)
        {
            variables[$"{Encode(source.Name)}_{Encode(endpoint.Name)}"] = endpoint.Url;
            var index = 0;
            while (!variables.TryAdd($"services__{source.Name}__{endpoint.Scheme}__{index}", endpoint.Url)) index++;
        }
    }

    public static string Encode(string name)
    {
        var encoded = NotInNames().Replace(name, "_").ToUpperInvariant();
        return encoded.Length > 0 && char.IsAsciiDigit(encoded[0]) ? $"_{encoded}" : encoded;
    }

    private static void AddTelemetry(IDictionary<string, string> variables, string name, bool isDevelopment, IConfiguration configuration)
    {
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (isDevelopment)
        {
            variables["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
            variables["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
        }

        foreach (var key in CallersTelemetry)
            if (configuration[key] is { Length: > 0 } value) variables[key] = value;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8)}";
        variables["OTEL_SERVICE_NAME"] = name;
        if (!isDevelopment) return;
        foreach (var delay in (string[])["OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL"]) variables[delay] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
    }

    [GeneratedRegex("[^A-Za-z0-9]")]
    private static partial Regex NotInNames();
}
