using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class SummaryTests
{
    [Fact]
    public void Busy_gpu_is_told_with_those_who_hold_its_memory()
    {
        var node = Node(Noon, Gpu()) with
        {
            Processes = [Process("llama3", WorkloadKind.LlmInference, 5.2, 2), Process("ELDEN RING", WorkloadKind.Gaming, 9.1)],
        };

        Assert.Equal(
            "RTX 4090 is busy at 87 %: ELDEN RING (gaming) uses 9.1 GiB; llama3 (llm-inference) holds 5.2 GiB.",
            Summary.Of([node], Noon));
    }

    [Fact]
    public void Small_holders_are_told_together()
    {
        var node = Node(Noon, Gpu(utilization: 30)) with
        {
            Processes = [Process("game", WorkloadKind.Gaming, 10), Process("Xorg", WorkloadKind.Desktop, 0.3, 2), Process("firefox", WorkloadKind.Browser, 0.2, 3)],
        };

        Assert.Equal("RTX 4090 is at 30 %: game (gaming) uses 10.0 GiB; 2 others use 0.5 GiB.", Summary.Of([node], Noon));
    }

    [Fact]
    public void Small_shares_do_not_stand_for_the_work_of_one_whose_share_is_not_told_yet()
    {
        var firefox = Process("firefox", WorkloadKind.Browser, 0.4, 2) with { SmPercent = 1 };
        var game = Process("game", WorkloadKind.Gaming, 10);
        var node = Node(Noon, Gpu()) with { Processes = [firefox, game] };

        Assert.Equal("RTX 4090 is busy at 87 %: game (gaming) uses 10.0 GiB; 1 other uses 0.4 GiB.", Summary.Of([node], Noon));
        Assert.StartsWith("RTX 4090 is busy at 87 %: game (gaming) takes 80 %", Summary.Of([node with { Processes = [firefox, game with { SmPercent = 80 }] }], Noon), StringComparison.Ordinal);
        Assert.StartsWith("RTX 4090 is busy at 87 %: firefox (browser) takes 60 %", Summary.Of([node with { Processes = [firefox with { SmPercent = 60 }, game] }], Noon), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_memory_name_and_kind_are_not_invented()
    {
        var node = Node(Noon, Gpu()) with { Processes = [Process(null, null, null, 77)] };

        Assert.Equal("RTX 4090 is busy at 87 %: process 77 (not classified yet) runs on it.", Summary.Of([node], Noon));
    }

    [Fact]
    public void Missing_utilisation_is_said_to_be_missing() =>
        Assert.Equal("RTX 4090 does not report how busy it is: no process is on it.", Summary.Of([Node(Noon, Gpu(utilization: null))], Noon));

    [Fact]
    public void Load_without_a_listed_process_cannot_be_attributed() =>
        Assert.Equal(
            "RTX 4090 is busy at 87 %: the driver lists no process, so who uses it cannot be told.",
            Summary.Of([Node(Noon, Gpu())], Noon));

    [Fact]
    public void Idle_gpu_is_idle() =>
        Assert.Equal("RTX 4090 is idle at 0 %: no process is on it.", Summary.Of([Node(Noon, Gpu(utilization: 0))], Noon));

    [Fact]
    public void Lost_gpu_says_why() =>
        Assert.Equal("RTX 4090 does not answer: GPU is lost.", Summary.Of([Node(Noon, Gpu() with { Error = "GPU is lost." })], Noon));

    [Fact]
    public void Silent_node_is_not_spoken_of_in_the_present_tense() =>
        Assert.Equal(
            "desk was last heard 3 min ago; what it does now cannot be told.",
            Summary.Of([Node(Noon.AddMinutes(-3), Gpu()) with { Stale = true }], Noon));

    [Fact]
    public void Nothing_is_claimed_without_a_node_or_a_gpu()
    {
        Assert.Equal("No node has reported yet, so nothing can be said.", Summary.Of([], Noon));
        Assert.Equal("desk reports no GPU.", Summary.Of([Node(Noon)], Noon));
    }

    [Fact]
    public void Twins_are_told_apart_and_the_busiest_come_first()
    {
        var gpus = Enumerable.Range(0, 5).Select(i => Gpu($"GPU-{i}", 10 * i, "NVIDIA H100", i)).ToArray();

        var summary = Summary.Of([Node(Noon, gpus)], Noon);

        Assert.StartsWith("H100 #4 is at 40 %", summary);
        Assert.EndsWith("2 more GPUs are less busy.", summary);
    }
}
