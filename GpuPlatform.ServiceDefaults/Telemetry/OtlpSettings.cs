using Microsoft.Extensions.Configuration;

namespace GpuPlatform.ServiceDefaults.Telemetry;

/// <summary>Whether telemetry is exported, by the standard variables. The exporter itself reads them too, but ignores what it cannot parse.</summary>
internal static class OtlpSettings
{
    public const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public const string ProtocolKey = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <exception cref="InvalidOperationException">A variable is set to something the exporter would silently ignore.</exception>
    public static bool IsExporting(IConfiguration configuration)
    {
        var endpoint = configuration[EndpointKey];
        if (string.IsNullOrWhiteSpace(endpoint)) return false;

        if ((EndpointProblem(endpoint) ?? ProtocolProblem(configuration[ProtocolKey])) is { } problem) throw new InvalidOperationException(problem);
        return true;
    }

    public static string? EndpointProblem(string endpoint) =>
        string.IsNullOrWhiteSpace(endpoint)
        || (Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
            ? null
            : $"{EndpointKey} is '{endpoint}': an absolute http:// or https:// address is expected.";

    public static string? ProtocolProblem(string? protocol) => protocol is null or "" or "grpc" or "http/protobuf"
        ? null
        : $"{ProtocolKey} is '{protocol}': accepted are grpc and http/protobuf.";
}
