using GpuPlatform.Collector.Processes;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Simulated;

/// <summary>A process of the simulated desktop: its share of memory per GPU (by position; 0: no context there) and its facts.</summary>
internal sealed record SimulatedProcess(int Pid, DateTimeOffset StartedAt, GpuContext Context, long[] MemoryBytesByGpu, ProcessFacts Facts)
{
    private const long MiB = 1 << 20;
    private const string Session = "/user.slice/user-1000.slice/user@1000.service";

    public static SimulatedProcess XServer(DateTimeOffset loggedInAt) => new(
        1480, loggedInAt, GpuContext.Graphics, [186 * MiB, 0], new()
        {
            Name = "Xorg",
            ExecutablePath = "/usr/lib/xorg/Xorg",
            CommandLine = ["/usr/lib/xorg/Xorg", "vt2", "-displayfd", "3", "-nolisten", "tcp", "-background", "none", "-keeptty"],
            UserName = "demo",
            Ancestors = ["gdm-x-session", "gdm-session-wor", "gdm3", "systemd"],
            ControlGroup = "/user.slice/user-1000.slice/session-2.scope",
        });

    public static SimulatedProcess Shell(DateTimeOffset loggedInAt) => new(
        1702, loggedInAt.AddSeconds(3), GpuContext.Graphics, [264 * MiB, 0], new()
        {
            Name = "gnome-shell",
            ExecutablePath = "/usr/bin/gnome-shell",
            CommandLine = ["/usr/bin/gnome-shell"],
            UserName = "demo",
            Ancestors = ["systemd", "systemd"],
            ControlGroup = $"{Session}/session.slice/org.gnome.Shell@x11.service",
        });

    public static SimulatedProcess Browser(DateTimeOffset loggedInAt) => new(
        4211, loggedInAt.AddMinutes(6), GpuContext.Graphics, [428 * MiB, 0], new()
        {
            Name = "firefox",
            ExecutablePath = "/usr/lib/firefox/firefox",
            CommandLine = ["/usr/lib/firefox/firefox"],
            UserName = "demo",
            Ancestors = ["gnome-shell", "systemd", "systemd"],
            ControlGroup = $"{Session}/app.slice/app-gnome-firefox-4211.scope",
        });

    public static SimulatedProcess Game(int session, DateTimeOffset startedAt) => new(
        21000 + session, startedAt, GpuContext.ComputeAndGraphics, [8900 * MiB, 0], new()
        {
            Name = "StarfallOdyssey",
            ExecutablePath = "/home/demo/.local/share/Steam/steamapps/common/Starfall Odyssey/StarfallOdyssey.x86_64",
            CommandLine =
                ["/home/demo/.local/share/Steam/steamapps/common/Starfall Odyssey/StarfallOdyssey.x86_64", "-screen-fullscreen", "1"],
            UserName = "demo",
            Ancestors = ["reaper", "steam", "gnome-shell", "systemd", "systemd"],
            ControlGroup = $"{Session}/app.slice/app-steam-app9990001-{21000 + session}.scope",
            Environment = new Dictionary<string, string> { ["SteamAppId"] = "9990001", ["SteamGameId"] = "9990001" },
        });

    public static SimulatedProcess Model(int session, DateTimeOffset startedAt) => new(
        30500 + session, startedAt, GpuContext.Compute, [11_300 * MiB, 6_200 * MiB], new()
        {
            Name = "ollama",
            ExecutablePath = "/usr/local/bin/ollama",
            CommandLine =
            [
                "/usr/local/bin/ollama", "runner", "--model",
                "/usr/share/ollama/.ollama/models/blobs/sha256-5a17ed0000000000000000000000000000000000000000000000000000000000",
                "--ctx-size", "8192", "--batch-size", "512", "--n-gpu-layers", "65", "--tensor-split", "42,23",
                "--parallel", "1", "--port", "41231",
            ],
            UserName = "ollama",
            Ancestors = ["ollama", "systemd"],
            ControlGroup = "/system.slice/ollama.service",
            Environment = new Dictionary<string, string> { ["OLLAMA_KEEP_ALIVE"] = "5m" },
        });
}
