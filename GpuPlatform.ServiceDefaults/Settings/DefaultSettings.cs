using GpuPlatform.ServiceDefaults.Outgoing;
using GpuPlatform.ServiceDefaults.Telemetry;

namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>The keys that every service has.</summary>
public static class DefaultSettings
{
    public static SettingsSection Outgoing { get; } = new SettingsSection<OutgoingOptions>("Outgoing")
        .Key(o => o.AttemptTimeout, "Calls to other services: time for one attempt")
        .Key(o => o.TotalTimeout, "Time for all attempts together")
        .Key(o => o.RetryCount, "Attempts after the first")
        .Key(o => o.RetryDelay, "Pause before the second attempt; it doubles")
        .Key(o => o.MaxRetryAfter, "Longest Retry-After that is waited for");

    public static IReadOnlyList<Setting> Telemetry { get; } =
    [
        new(OtlpSettings.EndpointKey, null, "Where traces, metrics and logs go; unset, they are not exported") { Refusal = OtlpSettings.EndpointProblem },
        new(OtlpSettings.ProtocolKey, null, "grpc or http/protobuf") { Refusal = OtlpSettings.ProtocolProblem, DefaultMeaning = "grpc" },
    ];
}
