using System.Globalization;
using System.Net.Sockets;

namespace GpuPlatform.Collector.Guard.GameMode;

/// <summary>Where the session bus of this user is: what the environment says, else where the system puts it.</summary>
internal static class SessionBus
{
    public const string Variable = "DBUS_SESSION_BUS_ADDRESS";

    /// <summary>The sockets that may be tried, in order.</summary>
    public static IReadOnlyList<UnixDomainSocketEndPoint> Candidates(string? address, uint userId)
    {
        var found = new List<UnixDomainSocketEndPoint>();
        foreach (var part in (address ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (Parse(part) is { } socket)
                found.Add(socket);
        var usual = $"/run/user/{userId.ToString(CultureInfo.InvariantCulture)}/bus";
        if (found.Count == 0 && File.Exists(usual))
            found.Add(new UnixDomainSocketEndPoint(usual));
        return found;
    }

    // unix:path=…,guid=… and unix:abstract=…; other transports are of other machines
    private static UnixDomainSocketEndPoint? Parse(string address)
    {
        const string Transport = "unix:";
        if (!address.StartsWith(Transport, StringComparison.Ordinal))
            return null;
        foreach (var pair in address[Transport.Length..].Split(','))
            if (pair.Split('=', 2) is [var key and ("path" or "abstract"), { Length: > 0 and < 100 } value])
                return new UnixDomainSocketEndPoint((key == "abstract" ? "\0" : "") + Uri.UnescapeDataString(value));
        return null;
    }
}
