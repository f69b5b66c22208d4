using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>Who asked. <see cref="Name"/> is the strongest of what is known, and <see cref="Source"/> says which that is.</summary>
public sealed record LlmClient
{
    /// <summary>Name to count by, as in <c>open-webui</c>, <c>alice</c> or <c>python3</c>; <c>unknown</c> when nothing tells.</summary>
    public required string Name { get; init; }

    /// <summary>What the name was taken from.</summary>
    public required LlmClientSource Source { get; init; }

    /// <summary>The header User-Agent, cut to 256 characters.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Address the connection came from, without the port.</summary>
    public string? Address { get; init; }

    /// <summary>Process at the other end of a loopback connection, in the host's pid namespace.</summary>
    public int? Pid { get; init; }

    /// <summary>UTC start of that process: with the pid its identity.</summary>
    public DateTimeOffset? ProcessStartedAt { get; init; }

    /// <summary>Short name of that process.</summary>
    public string? ProcessName { get; init; }
}

/// <summary>Where the name of a client came from, strongest first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LlmClientSource>))]
public enum LlmClientSource
{
    /// <summary>Nothing told.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>The name given to its API key in the configuration.</summary>
    [JsonStringEnumMemberName("key")]
    Key,

    /// <summary>A header in which an application forwards its own user, such as <c>X-OpenWebUI-User-Name</c>.</summary>
    [JsonStringEnumMemberName("user")]
    User,

    /// <summary>The product in User-Agent.</summary>
    [JsonStringEnumMemberName("agent")]
    Agent,

    /// <summary>The process at the other end of the connection.</summary>
    [JsonStringEnumMemberName("process")]
    Process,
}
