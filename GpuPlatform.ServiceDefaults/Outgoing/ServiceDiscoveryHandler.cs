namespace GpuPlatform.ServiceDefaults.Outgoing;

/// <summary>Turns a service's name in the request's address into the address configured for it.</summary>
internal sealed class ServiceDiscoveryHandler(ServiceAddresses addresses) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } requested) return await base.SendAsync(request, cancellationToken);

        try
        {
            if (addresses.Resolve(requested) is { } address) request.RequestUri = address;
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.NameResolutionError && IsBareName(requested))
        {
            // A bare name may be a host of the local network, so DNS had its say first.
            throw exception as UnknownServiceException ?? UnknownServiceException.For(requested, exception);
        }
        finally
        {
            // A repeated attempt starts from the name again and may take the next address.
            request.RequestUri = requested;
        }
    }

    private static bool IsBareName(Uri requested) => requested.HostNameType == UriHostNameType.Dns && !requested.Host.Contains('.');
}
