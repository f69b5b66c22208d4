namespace GpuPlatform.Collector.Api;

internal static class DefaultUrl
{
    private const string Url = "http://localhost:5101";

    /// <summary>Listens on loopback at a port of its own unless somebody configured where to listen.</summary>
    public static WebApplicationBuilder UseDefaultUrl(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var configured = configuration["urls"] ?? configuration["http_ports"] ?? configuration["https_ports"];
        if (string.IsNullOrEmpty(configured) && !configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(Url);
        return builder;
    }
}
