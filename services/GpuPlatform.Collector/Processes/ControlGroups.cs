using System.Text;
using System.Text.RegularExpressions;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Processes;

/// <summary>
/// Reads <c>/proc/PID/cgroup</c>, in version 1 (a path per controller), version 2 (one path) and both at once: Docker on a mixed host
/// leaves containerd's own service in the unified path and the container in the others.
/// </summary>
internal static partial class ControlGroups
{
    private const int MostSegments = 64;

    /// <summary>The path to show and what the paths say; nulls when they say nothing.</summary>
    public static (string? Path, ProcessScope? Scope) Read(ReadOnlySpan<byte> lines)
    {
        var paths = Paths(Encoding.UTF8.GetString(lines));
        var shown = paths.Find(path => path != "/") ?? paths.FirstOrDefault();
        if (shown is null)
            return (null, null);
        var container = paths.Select(path => ContainerNames.Find(Segments(path))).FirstOrDefault(found => found is not null);
        var application = container is null ? paths.Select(ApplicationIn).FirstOrDefault(found => found.Id is not null) : default;
        var scope = new ProcessScope
        {
            Runtime = container?.Runtime ?? application.Runtime,
            ContainerId = Clean(container?.Id),
            PodUid = paths.Select(PodIn).FirstOrDefault(uid => uid is not null),
            Unit = Clean(UnitIn(Segments(shown))),
            ApplicationId = Clean(application.Id),
        };
        return (Clean(shown), scope == new ProcessScope() ? null : scope);
    }

    // The unified path first, then systemd's, then the others
    private static List<string> Paths(string lines)
    {
        var paths = new List<(int Order, string Path)>();
        foreach (var line in lines.Split('\n'))
            if (line.Split(':', 3) is [var number, var controllers, ['/', ..] path])
                paths.Add((number == "0" && controllers.Length == 0 ? 0 : controllers == "name=systemd" ? 1 : 2, WithoutMark(path)));
        return [.. paths.OrderBy(entry => entry.Order).Select(entry => entry.Path)];
    }

    // The kernel marks the group of a process that has outlived it
    private static string WithoutMark(string path) => path.EndsWith(" (deleted)", StringComparison.Ordinal) ? path[..^10] : path;

    // A runtime told to use systemd without systemd makes one name of slice, prefix and id, with colons between
    private static string[] Segments(string path)
    {
        var segments = path.Split(['/', ':'], StringSplitOptions.RemoveEmptyEntries);
        return segments.Length <= MostSegments ? segments : segments[^MostSegments..];
    }

    private static string? UnitIn(string[] segments)
    {
        for (var i = segments.Length - 1; i >= 0; i--)
        {
            if (ContainerNames.IsContainer(segments, i))
                return null;
            if (segments[i].EndsWith(".service", StringComparison.Ordinal) || segments[i].EndsWith(".scope", StringComparison.Ordinal))
                return segments[i];
        }

        return null;
    }

    private static string? PodIn(string path) =>
        path.Contains("kubepods", StringComparison.Ordinal)
        && Segments(path).Select(segment => Pod().Match(segment)).LastOrDefault(match => match.Success) is { } pod
            ? pod.Groups["uid"].Value.Replace('_', '-') : null;

    private static (ProcessRuntime? Runtime, string? Id) ApplicationIn(string path)
    {
        foreach (var segment in Enumerable.Reverse(Segments(path)))
        {
            if (Steam().Match(segment) is { Success: true } steam)
                return (ProcessRuntime.Steam, steam.Groups["id"].Value);
            if (Flatpak().Match(segment) is { Success: true } flatpak)
                return (ProcessRuntime.Flatpak, Unescape(flatpak.Groups["id"].Value));
            if (Snap().Match(segment) is { Success: true } snap)
                return (ProcessRuntime.Snap, snap.Groups["id"].Value);
            if (Desktop().Match(segment) is { Success: true } desktop)
                return (null, Unescape(desktop.Groups["id"].Value));
        }

        return default;
    }

    private static string? Clean(string? text) => text is null ? null : ProcessText.Clean(text);

    /// <summary>A dash within a name is written <c>\x2d</c> in the name of a unit.</summary>
    internal static string Unescape(string name) =>
        Escape().Replace(name, match => ((char)Convert.ToByte(match.Groups[1].Value, 16)).ToString());

    [GeneratedRegex(@"\\x([0-7][0-9a-fA-F])")]
    private static partial Regex Escape();

    // With dashes under the cgroupfs driver, with underscores under systemd's; the uid of a static pod has neither
    [GeneratedRegex(@"(?:^|-)pod(?<uid>[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?$")]
    private static partial Regex Pod();

    [GeneratedRegex(@"^(?:app-steam-(?:app)?(?<id>[0-9]+)(?:-[0-9]+)?|steam-app-(?<id>[0-9]+))\.scope$")]
    private static partial Regex Steam();

    [GeneratedRegex(@"^(?:app-)?flatpak-(?<id>.+)-[0-9]+\.scope$")]
    private static partial Regex Flatpak();

    [GeneratedRegex(@"^snap\.(?<id>[a-z0-9][a-z0-9_-]*)(?:\.|$)")]
    private static partial Regex Snap();

    // app[-launcher]-ID-RANDOM.scope and app[-launcher]-ID[@RANDOM].service, by which desktops name what they start
    [GeneratedRegex(@"^app-(?:[^-]+-)?(?<id>[^-@]+)(?:-[^-]+\.scope|(?:@[^@]*)?\.service)$")]
    private static partial Regex Desktop();
}
