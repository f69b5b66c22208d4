using GpuPlatform.Collector.Guard;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using static GpuPlatform.Tests.Collector.Guard.GuardProcesses;

namespace GpuPlatform.Tests.Collector.Guard;

/// <summary>A model that lies on two GPUs, of which a game takes one.</summary>
public sealed class HostGuardSplitTests
{
    private const string Other = "GPU-b";

    private static readonly GpuProcessObserved Game = Process(7, "game");

    [Fact]
    public async Task The_gate_stays_closed_while_one_gpu_after_the_other_says_that_the_model_has_gone()
    {
        using var host = new GuardFixture(gpus: [Gpu, Other]);
        host.Eviction.Resident.Add("llama3");
        host.Eviction.Unloaded = null;
        host.Starts(Runner(Gpu));
        host.Starts(Runner(Other));
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(0.2);
        await Until.True(() => host.Eviction.Resident.Count == 0);
        host.Pass(0.5);
        Assert.Equal((GuardState.Evicting, false), (host.State, host.Gate.IsOpen()));

        host.Ends(Runner(Gpu));
        Assert.False(host.Gate.IsOpen());
        host.Ends(Runner(Other));
        await host.UntilAsync(GuardState.Yielded);

        Assert.False(host.Gate.IsOpen());
        Assert.Equal(["llama3"], host.Publisher.Changes[^1].Models);
        host.Pass(0.5);
        host.Ends(Game);
        host.Pass(15);
        Assert.True(host.Gate.IsOpen());
    }

    [Fact]
    public async Task A_server_that_comes_up_on_the_other_gpu_alone_is_open()
    {
        using var host = new GuardFixture(gpus: [Gpu, Other]);
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(0.2);
        await host.UntilAsync(GuardState.Yielded);
        Assert.False(host.Gate.IsOpen());

        host.Starts(Runner(Other));

        Assert.True(host.Gate.IsOpen());
    }

    private static GpuProcessObserved Runner(string gpu) =>
        Process(50, "ollama", GpuContext.Compute, 9 * GiB, gpu) with { CommandLine = ["/usr/bin/ollama", "runner", "--port", "4"] };
}
