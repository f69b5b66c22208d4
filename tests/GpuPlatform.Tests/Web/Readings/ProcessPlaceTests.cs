using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class ProcessPlaceTests
{
    private const string Id = "4f5c2a9b1c3d8e7f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7";
    private const string Uid = "0f3a5b7c-1122-3344-5566-778899aabbcc";

    [Theory]
    [InlineData(ProcessRuntime.Docker, Id, null, null, null, "Docker 4f5c2a9b1c3d")]
    [InlineData(ProcessRuntime.Container, Id, null, null, null, "container 4f5c2a9b1c3d")]
    [InlineData(null, Id, null, null, null, "container 4f5c2a9b1c3d")]
    [InlineData(ProcessRuntime.CriO, Id, Uid, null, null, "pod 0f3a5b7c")]
    [InlineData(ProcessRuntime.Lxc, "web", null, "x.service", null, "LXC web")]
    [InlineData(ProcessRuntime.Steam, null, null, "app-steam-app570-1.scope", "570", "Steam 570")]
    [InlineData(null, null, null, "ollama.service", null, "ollama.service")]
    [InlineData(null, null, null, "app-gnome-firefox-1.scope", "firefox", null)]
    [InlineData(null, null, null, null, null, null)]
    public void A_place_is_said_in_a_few_words(ProcessRuntime? runtime, string? container, string? pod, string? unit, string? application, string? expected)
    {
        var scope = new ProcessScope { Runtime = runtime, ContainerId = container, PodUid = pod, Unit = unit, ApplicationId = application };
        Assert.Equal(expected, ProcessPlace.Short(scope));
    }

    [Fact]
    public void Without_a_scope_there_is_no_place()
    {
        Assert.Null(ProcessPlace.Short(null));
        Assert.Empty(ProcessPlace.Parts(null));
    }

    [Fact]
    public void The_whole_ids_are_there_to_look_up()
    {
        var scope = new ProcessScope { Runtime = ProcessRuntime.Containerd, ContainerId = Id, PodUid = Uid, Unit = "x.service" };
        Assert.Equal([("Container (containerd)", Id), ("Pod", Uid), ("Unit", "x.service")], ProcessPlace.Parts(scope));
    }
}
