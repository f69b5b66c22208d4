using System.Text;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Processes;

/// <summary>Control groups as the runtimes document and create them, in both versions of the kernel's interface.</summary>
public sealed class ControlGroupsTests
{
    private const string Id = "4f5c2a9b1c3d8e7f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7";
    private const string Other = "00000000000000000000000000000000000000000000000000000000000000aa";
    private const string Uid = "0f3a5b7c-1122-3344-5566-778899aabbcc";
    private const string UidForSystemd = "0f3a5b7c_1122_3344_5566_778899aabbcc";
    private const string User = "/user.slice/user-1000.slice/user@1000.service";

    [Theory]
    [InlineData($"0::/system.slice/docker-{Id}.scope", ProcessRuntime.Docker)]
    [InlineData($"0::/docker/{Id}", ProcessRuntime.Docker)]
    [InlineData($"12:memory:/docker/{Id}\n1:name=systemd:/docker/{Id}\n0::/system.slice/containerd.service", ProcessRuntime.Docker)]
    [InlineData($"11:devices:/docker/{Id}\n10:pids:/docker/{Id}", ProcessRuntime.Docker)]
    [InlineData($"0::{User}/user.slice/docker-{Id}.scope", ProcessRuntime.Docker)]
    [InlineData($"0::/docker/{Other}/docker/{Id}", ProcessRuntime.Docker)]
    [InlineData($"0::/docker/{Id}/system.slice/cron.service", ProcessRuntime.Docker)]
    [InlineData($"0::/machine.slice/libpod-{Id}.scope", ProcessRuntime.Podman)]
    [InlineData($"0::{User}/user.slice/libpod-{Id}.scope/container", ProcessRuntime.Podman)]
    [InlineData($"9:memory:/libpod_parent/libpod-{Id}", ProcessRuntime.Podman)]
    [InlineData($"0::/machine.slice/machine-libpod_pod_{Other}.slice/libpod-{Id}.scope", ProcessRuntime.Podman)]
    [InlineData($"0::/system.slice/nerdctl-{Id}.scope", ProcessRuntime.Containerd)]
    [InlineData($"0::/system.slice/crio-{Id}.scope", ProcessRuntime.CriO)]
    [InlineData($"0::/garden/{Id}", ProcessRuntime.Container)]
    [InlineData($"4:cpu:/ecs/cluster/0123456789abcdef0123456789abcdef/{Id}", ProcessRuntime.Container)]
    [InlineData($"0::/../../system.slice/docker-{Id}.scope", ProcessRuntime.Docker)]
    [InlineData($"0::/system.slice/docker-{Id}.scope (deleted)", ProcessRuntime.Docker)]
    public void The_innermost_container_is_found(string lines, ProcessRuntime runtime)
    {
        var scope = Scope(lines)!;
        Assert.Equal((runtime, Id, null), (scope.Runtime, scope.ContainerId, scope.PodUid));
    }

    [Theory]
    [InlineData($"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{UidForSystemd}.slice/cri-containerd-{Id}.scope", ProcessRuntime.Containerd)]
    [InlineData($"0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{UidForSystemd}.slice/crio-{Id}.scope", ProcessRuntime.CriO)]
    [InlineData($"0::/kubepods.slice/kubepods-pod{UidForSystemd}.slice/docker-{Id}.scope", ProcessRuntime.Docker)]
    [InlineData($"0::/kubepods/burstable/pod{Uid}/{Id}", ProcessRuntime.Container)]
    [InlineData($"0::/kubepods/besteffort/pod{Uid}/{Id}", ProcessRuntime.Container)]
    [InlineData($"11:memory:/kubepods/pod{Uid}/{Id}\n1:name=systemd:/kubepods/pod{Uid}/{Id}", ProcessRuntime.Container)]
    [InlineData($"0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{UidForSystemd}.slice/cri-containerd-{Id}.scope", ProcessRuntime.Containerd)]
    [InlineData($"0::/docker/{Other}/kubelet/kubepods/burstable/pod{Uid}/{Id}", ProcessRuntime.Container)]
    [InlineData($"0::/system.slice/containerd.service/kubepods-burstable-pod{UidForSystemd}.slice:cri-containerd:{Id}", ProcessRuntime.Containerd)]
    public void The_pod_and_its_container_are_found(string lines, ProcessRuntime runtime)
    {
        var scope = Scope(lines)!;
        Assert.Equal((runtime, Id, Uid), (scope.Runtime, scope.ContainerId, scope.PodUid));
    }

    [Fact]
    public void The_uid_of_a_static_pod_has_no_dashes() =>
        Assert.Equal("0123456789abcdef0123456789abcdef", Scope($"0::/kubepods/burstable/pod0123456789abcdef0123456789abcdef/{Id}")!.PodUid);

    [Theory]
    [InlineData("0::/lxc.payload.web/system.slice/ollama.service", ProcessRuntime.Lxc, "web", "ollama.service")]
    [InlineData("0::/lxc/web", ProcessRuntime.Lxc, "web", null)]
    [InlineData("0::/lxc.payload/web/init.scope", ProcessRuntime.Lxc, "web", "init.scope")]
    [InlineData("4:memory:/lxc/web\n1:name=systemd:/lxc/web/init.scope\n0::/", ProcessRuntime.Lxc, "web", "init.scope")]
    [InlineData(@"0::/machine.slice/machine-lxc\x2d7\x2dweb.scope", ProcessRuntime.Lxc, "lxc-7-web", null)]
    [InlineData("0::/machine.slice/systemd-nspawn@deb.service/payload/system.slice/x.service", ProcessRuntime.Nspawn, "deb", "x.service")]
    [InlineData("0::/machine.slice/systemd-nspawn@deb.service/payload", ProcessRuntime.Nspawn, "deb", null)]
    public void System_containers_are_known_by_name(string lines, ProcessRuntime runtime, string name, string? unit)
    {
        var scope = Scope(lines)!;
        Assert.Equal((runtime, name, unit), (scope.Runtime, scope.ContainerId, scope.Unit));
    }

    [Theory]
    [InlineData($"0::{User}/app.slice/app-steam-app570-4711.scope", ProcessRuntime.Steam, "570", "app-steam-app570-4711.scope")]
    [InlineData($"0::{User}/app.slice/app-steam-570.scope", ProcessRuntime.Steam, "570", "app-steam-570.scope")]
    [InlineData($"0::{User}/app.slice/steam-app-570.scope", ProcessRuntime.Steam, "570", "steam-app-570.scope")]
    [InlineData($"0::{User}/app.slice/app-flatpak-org.mozilla.firefox-4711.scope", ProcessRuntime.Flatpak, "org.mozilla.firefox", "app-flatpak-org.mozilla.firefox-4711.scope")]
    [InlineData($"0::{User}/app.slice/snap.firefox.firefox-5b1c.scope", ProcessRuntime.Snap, "firefox", "snap.firefox.firefox-5b1c.scope")]
    [InlineData("0::/system.slice/snap.ollama.listener.service", ProcessRuntime.Snap, "ollama", "snap.ollama.listener.service")]
    [InlineData($"12:freezer:/snap.blender\n1:name=systemd:{User}/app.slice/snap.blender.blender.5b1c.scope", ProcessRuntime.Snap, "blender", "snap.blender.blender.5b1c.scope")]
    [InlineData($"0::{User}/app.slice/app-gnome-firefox-4211.scope", null, "firefox", "app-gnome-firefox-4211.scope")]
    [InlineData($@"0::{User}/app.slice/app-org.kde.my\x2dapp-4711.scope", null, "org.kde.my-app", @"app-org.kde.my\x2dapp-4711.scope")]
    [InlineData($"0::{User}/app.slice/app-org.kde.dolphin@autostart.service", null, "org.kde.dolphin", "app-org.kde.dolphin@autostart.service")]
    [InlineData("0::/system.slice/ollama.service", null, null, "ollama.service")]
    [InlineData("0::/system.slice/system-vllm.slice/vllm@7.service", null, null, "vllm@7.service")]
    [InlineData("0::/user.slice/user-1000.slice/session-2.scope", null, null, "session-2.scope")]
    [InlineData("9:cpu:/\n1:name=systemd:/system.slice/ssh.service\n0::/", null, null, "ssh.service")]
    [InlineData($"0::/system.slice/libpod-conmon-{Id}.scope", null, null, $"libpod-conmon-{Id}.scope")]
    [InlineData(@"0::/machine.slice/machine-qemu\x2d1\x2dwin10.scope/libvirt/emulator", null, null, @"machine-qemu\x2d1\x2dwin10.scope")]
    public void Units_and_applications_of_the_host_are_found(string lines, ProcessRuntime? runtime, string? application, string unit)
    {
        var scope = Scope(lines)!;
        Assert.Equal((runtime, application, unit, null), (scope.Runtime, scope.ApplicationId, scope.Unit, scope.ContainerId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0::/")]
    [InlineData("0::/init")]
    [InlineData("garbage\n:::\n0:\n0::\n0::relative/docker")]
    [InlineData("0::/docker/4f5c2a9b")]
    [InlineData("9:cpu:/\n1:name=systemd:/")]
    [InlineData($"0::/docker/{Id}0")]
    [InlineData("0::/user.slice/podium/pod-racer")]
    public void What_names_nothing_says_nothing(string lines) => Assert.Null(Scope(lines));

    [Theory]
    [InlineData("12:cpu:/legacy\n0::/user.slice/x.scope", "/user.slice/x.scope")]
    [InlineData("12:cpu:/legacy\n1:name=systemd:/system.slice/y.service\n0::/", "/system.slice/y.service")]
    [InlineData("12:cpu:/legacy", "/legacy")]
    [InlineData("0::/", "/")]
    [InlineData("0::/a:b\u0007c", "/a:b c")]
    [InlineData("", null)]
    public void The_path_shown_is_the_one_that_says_most(string lines, string? path) =>
        Assert.Equal(path, ControlGroups.Read(Encoding.UTF8.GetBytes(lines)).Path);

    [Fact]
    public void No_bytes_make_it_throw_or_last()
    {
        var random = new Random(7);
        string[] pieces = ["0::", "/", "docker-", Id, ".scope", "\n", "1:name=systemd:", "kubepods", "pod" + Uid, "\\x2d", "app-", "-", "@", "lxc", "\0", "\xff", "machine-", ".service", ":"];
        for (var round = 0; round < 5_000; round++)
        {
            var lines = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => pieces[random.Next(pieces.Length)]));
            var (path, scope) = ControlGroups.Read(Encoding.Latin1.GetBytes(lines));
            Assert.True(path is null || !path.Any(char.IsControl));
            Assert.True(scope?.Unit is null || scope.Unit.Length <= ProcessText.MostCharacters + 1);
        }
    }

    private static ProcessScope? Scope(string lines) => ControlGroups.Read(Encoding.UTF8.GetBytes(lines + "\n")).Scope;
}
