using System.Diagnostics;
using System.Text;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Api;
using GpuPlatform.Tests.Doubles;
using static GpuPlatform.Tests.Collector.Guard.GuardProcesses;

namespace GpuPlatform.Tests.Collector.Guard;

/// <summary>A disk that is slow, hangs, or had not taken all when the power went.</summary>
public sealed class GuardDiskTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private static readonly GpuProcessObserved Game = Process(7, "game");

    [Fact]
    public async Task While_the_disk_hangs_gates_close_and_open_and_the_last_state_is_kept_when_it_answers()
    {
        using var disk = new ManualResetEventSlim();
        var written = new List<string>();
        using var host = new GuardFixture(store: (_, bytes) =>
        {
            disk.Wait(Long);
            written.Add(Encoding.UTF8.GetString(bytes));
        }, gpus: ["GPU-a", "GPU-b"]);
        host.Starts(Game, WorkloadKind.Gaming);
        Pass(host, 0.5);
        Assert.False(host.Gate.IsOpen());
        await host.UntilAsync(GuardState.Yielded);
        host.Starts(Process(8, "other", gpu: "GPU-b"), WorkloadKind.Gaming);
        Pass(host, 0.5);
        Assert.NotEqual(GuardState.Serving, host.Guard.Report().Gpus[1].State);
        host.Ends(Game);
        host.Ends(Process(8, "other", gpu: "GPU-b"));
        Pass(host, 16);
        await host.UntilAsync(GuardState.Serving);
        Assert.True(host.Guard.Choose("GPU-a", new ManualChoice(true, null, "mine")));
        Assert.False(host.Gate.IsOpen());
        Assert.Contains("the disk has not taken it for", Assert.Single(host.Guard.Report().Problems), StringComparison.Ordinal);
        Assert.Empty(written);

        disk.Set();
        host.Settle();

        Assert.Equal(2, written.Count);
        Assert.Contains("mine", written[1], StringComparison.Ordinal);
        Assert.Empty(host.Guard.Report().Problems);
    }

    [Fact]
    public void What_a_person_said_is_on_the_disk_when_it_is_answered()
    {
        using var host = new GuardFixture();
        host.Sample();
        var began = Stopwatch.GetTimestamp();
        host.Guard.Choose(null, new ManualChoice(true, null, "film night"));
        // On a host that is too busy to write within that, nothing is promised
        if (Stopwatch.GetElapsedTime(began) < HostGuard.KeptWithin) Assert.Contains("film night", File.ReadAllText(host.FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void Killed_before_the_disk_had_it_the_game_is_found_anew_and_the_gate_closed_again()
    {
        using var killed = new GuardFixture(store: (_, _) => { });
        killed.Starts(Game, WorkloadKind.Gaming);
        killed.Pass(1);
        Assert.False(killed.Gate.IsOpen());

        using var next = new GuardFixture(before: killed);
        next.Starts(Game, WorkloadKind.Gaming);
        next.Pass(0.2);
        Assert.False(next.Gate.IsOpen());
    }

    [Fact]
    public async Task Killed_before_the_disk_had_the_end_it_comes_back_closed_and_opens_when_nobody_is_there()
    {
        GuardFixture? killed = null;
        using (killed = new GuardFixture(store: (path, bytes) =>
        {
            if (killed?.Guard.Report().Gpus is not [{ State: GuardState.Serving }]) Keep(path, bytes);
        }))
        {
            killed.Starts(Game, WorkloadKind.Gaming);
            killed.Pass(1);
            await killed.UntilAsync(GuardState.Yielded);
            killed.Settle();
            killed.Ends(Game);
            killed.Pass(20);
            await killed.UntilAsync(GuardState.Serving);

            using var next = new GuardFixture(before: killed);
            Assert.False(next.Gate.IsOpen());
            next.Sample();
            next.Pass(16);
            await next.UntilAsync(GuardState.Serving);
        }
    }

    [Fact]
    public async Task A_disk_that_hangs_holds_up_no_call_for_long_and_the_program_ends_when_it_has_the_last_state()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a pipe is the disk that hangs: to open it waits for a reader");
        using var tree = new TemporaryTree();
        var file = Path.Combine(tree.Root, "guard-desk.json");
        using (var making = System.Diagnostics.Process.Start("mkfifo", file + ".new")) await making.WaitForExitAsync(CancellationToken.None).WaitAsync(Long);
        var host = await CollectorHost.StartAsync(null, ("Node:Id", "desk"), ("Uplink:SpoolPath", tree.Root));
        await Until.True(() => host.JsonAsync(Routes.Guard).Result.GetProperty("gpus").GetArrayLength() == 1);
        using (var answer = await host.Client.PostAsync(Routes.GuardYield, new StringContent("""{"reason":"film night"}""", Encoding.UTF8, "application/json")))
            answer.EnsureSuccessStatusCode();

        var stopping = host.DisposeAsync().AsTask();
        await Task.WhenAny(stopping, Task.Run(() => File.ReadAllBytes(file + ".new"), CancellationToken.None)).WaitAsync(Long);
        await stopping.WaitAsync(Long);

        Assert.Contains("film night", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    private static void Keep(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    // As the fixture does, but that it waits for the disk
    private static void Pass(GuardFixture host, double seconds)
    {
        for (var left = seconds; left > 0; left -= 0.5)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(0.5));
            host.Guard.Round();
        }
    }
}
