using GpuPlatform.ServiceDefaults.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace GpuPlatform.ServiceDefaults.Outgoing;

internal static class OutgoingRegistration
{
    /// <summary>Every client of <see cref="IHttpClientFactory"/> finds services by name and repeats what may be repeated.</summary>
    public static void AddOutgoingHttp(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<OutgoingOptions>, OutgoingOptionsValidator>();
        builder.Services.AddOptions<OutgoingOptions>()
            .BindConfiguration(DefaultSettings.Outgoing.Name)
            .RefuseUnknownKeys(DefaultSettings.Outgoing)
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ServiceAddresses>();
        builder.Services.TryAddSingleton<RetryPipelines>();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // The factory writes four lines per request; spans and http.client.* metrics say the same and more.
            http.RemoveAllLoggers();
            // Retry outside, discovery inside: each attempt may take another address.
            http.AddHttpMessageHandler(services => new RetryHandler(services.GetRequiredService<RetryPipelines>()));
            http.AddHttpMessageHandler(services => new ServiceDiscoveryHandler(services.GetRequiredService<ServiceAddresses>()));
        });
    }
}
