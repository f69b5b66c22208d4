using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace GpuPlatform.ServiceDefaults.Outgoing;

/// <summary>
/// Addresses of services by name, from configuration <c>services:NAME:SCHEME:INDEX</c> (environment <c>services__NAME__SCHEME__INDEX</c>),
/// as orchestrators inject them. Several indices are taken in turn.
/// </summary>
internal sealed class ServiceAddresses : IDisposable
{
    // Endpoints that were referenced by a bare address carry no scheme of their own.
    private const string UnnamedEndpoint = "default";

    private readonly IConfiguration _configuration;
    private readonly ConcurrentDictionary<(string Scheme, string Name), Rotation> _rotations = new();
    private readonly IDisposable _reload;

    public ServiceAddresses(IConfiguration configuration)
    {
        _configuration = configuration;
        _reload = ChangeToken.OnChange(configuration.GetReloadToken, _rotations.Clear);
    }

    /// <summary>True when the address names its schemes in order of preference, like <c>https+http://history</c>: such a name must be known.</summary>
    public static bool IsServiceOnly(Uri requested) => requested.Scheme.Contains('+');

    /// <summary>The address to call instead of <paramref name="requested"/>, or null when its host is not a configured service.</summary>
    /// <exception cref="UnknownServiceException">The name needs configuration that is missing or cannot be read.</exception>
    public Uri? Resolve(Uri requested)
    {
        if (!requested.IsDefaultPort && requested.Port != -1) return IsServiceOnly(requested) ? throw UnknownServiceException.For(requested) : null;

        var rotation = _rotations.GetOrAdd((requested.Scheme, requested.Host), static (key, configuration) => Read(configuration, key.Scheme, key.Name), _configuration);
        if (rotation.Next() is { } address) return new Uri(address + requested.PathAndQuery);
        return IsServiceOnly(requested) || rotation.IsKnownService ? throw UnknownServiceException.For(requested) : null;
    }

    public void Dispose() => _reload.Dispose();

    private static Rotation Read(IConfiguration configuration, string schemes, string name)
    {
        var service = configuration.GetSection("services").GetSection(name);
        foreach (var scheme in schemes.Split('+'))
        {
            var addresses = Addresses(service.GetSection(scheme), scheme);
            if (addresses.Length > 0) return new Rotation(addresses, true);
        }

        return new Rotation(Addresses(service.GetSection(UnnamedEndpoint), schemes.Split('+')[0]), service.Exists());
    }

    private static string[] Addresses(IConfigurationSection endpoint, string scheme) =>
        [.. endpoint.GetChildren().Select(entry => Parse(entry, scheme))];

    private static string Parse(IConfigurationSection entry, string scheme)
    {
        var text = entry.Value ?? "";
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"{scheme}://{text}";
        return Uri.TryCreate(full, UriKind.Absolute, out var address) && address.Host.Length > 0
               && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address.GetLeftPart(UriPartial.Path).TrimEnd('/')
            : throw new UnknownServiceException($"{entry.Path} is '{text}': http://host:port, https://host:port or host:port is expected.");
    }

    private sealed class Rotation(string[] addresses, bool isKnownService)
    {
        private int _turn = -1;

        public bool IsKnownService => isKnownService;

        public string? Next() => addresses.Length == 0 ? null : addresses[(int)((uint)Interlocked.Increment(ref _turn) % (uint)addresses.Length)];
    }
}
