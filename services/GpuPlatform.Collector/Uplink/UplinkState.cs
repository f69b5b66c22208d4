namespace GpuPlatform.Collector.Uplink;

/// <summary>Whether messages leave this host.</summary>
internal enum UplinkState
{
    /// <summary>No broker is configured: messages are not kept.</summary>
    Disabled,

    /// <summary>Messages wait: the broker is out of reach, or does not take them.</summary>
    Disconnected,

    /// <summary>Messages are delivered as they come.</summary>
    Connected,
}
