using System.Text.RegularExpressions;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Processes;

/// <summary>A container as a segment of a control-group path names it.</summary>
internal sealed record FoundContainer(ProcessRuntime Runtime, string Id);

/// <summary>How container runtimes name the control group of a container.</summary>
internal static partial class ContainerNames
{
    /// <summary>The innermost container of a path: in a container within a container the process belongs to the inner one.</summary>
    public static FoundContainer? Find(string[] segments)
    {
        for (var i = segments.Length - 1; i >= 0; i--)
            if (At(segments, i) is { } container)
                return container;
        return null;
    }

    public static bool IsContainer(string[] segments, int position) => At(segments, position) is not null;

    private static FoundContainer? At(string[] segments, int position)
    {
        var segment = segments[position];
        var parent = position > 0 ? segments[position - 1] : "";
        if (Hexadecimal().Match(segment) is { Success: true } match)
            return new(RuntimeOf(match.Groups["prefix"] is { Success: true } prefix ? prefix.Value : parent), match.Groups["id"].Value);
        if (segment.StartsWith("lxc.payload.", StringComparison.Ordinal))
            return new(ProcessRuntime.Lxc, segment["lxc.payload.".Length..]);
        if (parent is "lxc" or "lxc.payload")
            return new(ProcessRuntime.Lxc, segment);
        if (Machine().Match(segment) is not { Success: true } machine)
            return null;
        var name = ControlGroups.Unescape(machine.Groups["name"].Value);
        // A virtual machine is a machine to systemd, too
        return name.StartsWith("qemu-", StringComparison.Ordinal) ? null
            : new(name.StartsWith("lxc-", StringComparison.Ordinal) ? ProcessRuntime.Lxc : ProcessRuntime.Nspawn, name);
    }

    private static ProcessRuntime RuntimeOf(string name) => name switch
    {
        "docker" => ProcessRuntime.Docker,
        "containerd" or "cri-containerd" or "nerdctl" => ProcessRuntime.Containerd,
        "crio" or "cri-o" => ProcessRuntime.CriO,
        "libpod" or "libpod_parent" or "podman" => ProcessRuntime.Podman,
        _ => ProcessRuntime.Container,
    };

    // What a runtime runs beside a container on the host, as in libpod-conmon-ID, is not in it
    [GeneratedRegex(@"^(?:(?<prefix>docker|containerd|cri-containerd|nerdctl|crio|cri-o|libpod|podman)-)?(?<id>[0-9a-f]{64})(?:\.scope)?$")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^(?:systemd-nspawn@(?<name>.+)\.service|machine-(?<name>.+)\.scope)$")]
    private static partial Regex Machine();
}
