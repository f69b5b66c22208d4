namespace GpuPlatform.Contracts;

/// <summary>Paths of the public APIs.</summary>
public static class Routes
{
    /// <summary>History: the latest of everything, a <see cref="RealtimeSnapshot"/>.</summary>
    public const string Realtime = "/api/realtime";

    /// <summary>History: a range of time, <c>?hours=</c>, a <see cref="HistoricalSeries"/>.</summary>
    public const string Historical = "/api/historical";

    /// <summary>History: server-sent events of type <c>node</c>, each a <see cref="NodeSnapshot"/>.</summary>
    public const string Live = "/api/live";

    /// <summary>Collector: the GPUs of its host, a <see cref="GpuDeviceList"/>.</summary>
    public const string GpuDevices = "/api/gpu/devices";

    /// <summary>Collector: driver versions, a <see cref="GpuDriver"/>.</summary>
    public const string GpuDriver = "/api/gpu/driver";
}
