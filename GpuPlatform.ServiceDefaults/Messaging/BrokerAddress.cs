using Microsoft.Extensions.Configuration;

namespace GpuPlatform.ServiceDefaults.Messaging;

/// <summary>Where the broker is.</summary>
public static class BrokerAddress
{
    private const string Key = "ConnectionStrings:messaging";

    /// <summary>Reads the address of the broker.</summary>
    /// <exception cref="InvalidOperationException">It is missing or no AMQP address. Its text stays out of the message: it holds a password.</exception>
    public static Uri Read(IConfiguration configuration)
    {
        var text = configuration[Key];
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps" && address.Host.Length > 0)
            return address;
        throw new InvalidOperationException(
            $"{Key} {(string.IsNullOrEmpty(text) ? "is missing" : "is not a broker address")}: expected amqp://user:password@host:port");
    }
}
