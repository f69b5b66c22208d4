namespace GpuPlatform.ServiceDefaults.Outgoing;

/// <summary>A service was called by a name that no configuration explains. Repeating the call cannot help.</summary>
internal sealed class UnknownServiceException(string message, Exception? inner = null)
    : HttpRequestException(HttpRequestError.NameResolutionError, message, inner)
{
    public static UnknownServiceException For(Uri requested, Exception? inner = null)
    {
        var scheme = requested.Scheme.Split('+')[^1];
        return new(
            $"No address is known for service '{requested.Host}' ({requested.Scheme}://{requested.Authority}): set services:{requested.Host}:{scheme}:0 " +
            $"(environment variable services__{requested.Host}__{scheme}__0) to its address, for instance {scheme}://localhost:5000.", inner);
    }
}
