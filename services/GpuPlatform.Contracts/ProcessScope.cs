using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>What started a process and keeps it apart from others, as its control group names it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProcessRuntime>))]
public enum ProcessRuntime
{
    /// <summary>A container; the control group does not say whose.</summary>
    [JsonStringEnumMemberName("container")] Container,

    /// <summary>Docker.</summary>
    [JsonStringEnumMemberName("docker")] Docker,

    /// <summary>containerd, by Kubernetes or nerdctl.</summary>
    [JsonStringEnumMemberName("containerd")] Containerd,

    /// <summary>CRI-O.</summary>
    [JsonStringEnumMemberName("cri-o")] CriO,

    /// <summary>Podman.</summary>
    [JsonStringEnumMemberName("podman")] Podman,

    /// <summary>LXC, LXD or Incus.</summary>
    [JsonStringEnumMemberName("lxc")] Lxc,

    /// <summary>systemd-nspawn.</summary>
    [JsonStringEnumMemberName("nspawn")] Nspawn,

    /// <summary>Flatpak.</summary>
    [JsonStringEnumMemberName("flatpak")] Flatpak,

    /// <summary>Snap.</summary>
    [JsonStringEnumMemberName("snap")] Snap,

    /// <summary>Steam, for a game.</summary>
    [JsonStringEnumMemberName("steam")] Steam,
}

/// <summary>
/// Where a process runs, read from its control group alone: ids and unit names, nothing is asked of a container runtime. Null is
/// "the control group does not say".
/// </summary>
public sealed record ProcessScope
{
    /// <summary>What keeps it apart; null for an ordinary process of the host.</summary>
    public ProcessRuntime? Runtime { get; init; }

    /// <summary>Id of the innermost container (64 hexadecimal digits; LXC and nspawn: the name).</summary>
    public string? ContainerId { get; init; }

    /// <summary>Uid of the Kubernetes pod, with dashes.</summary>
    public string? PodUid { get; init; }

    /// <summary>Innermost systemd service or scope that is not the container's own.</summary>
    public string? Unit { get; init; }

    /// <summary>The application: Flatpak id, snap name, Steam app id, or the desktop's name for it.</summary>
    public string? ApplicationId { get; init; }
}
