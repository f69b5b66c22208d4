using System.Diagnostics;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Processes;

/// <summary>Against the kernel itself, with processes that the tests start.</summary>
public sealed class LiveProcTests : IDisposable
{
    private readonly List<Process> _started = [];
    private readonly ProcFs _proc = new();

    public LiveProcTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has /proc");

    public void Dispose() => _started.ForEach(End);

    [Fact]
    public void The_test_process_itself_is_found()
    {
        Assert.True(_proc.TryReadStamp(Environment.ProcessId, out var stamp));
        var expected = new DateTimeOffset(Process.GetCurrentProcess().StartTime);
        Assert.InRange((stamp.StartedAt - expected).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(Environment.ProcessPath, _proc.Read(Environment.ProcessId).ExecutablePath);
    }

    [Fact]
    public void Its_own_chosen_variables_are_read_and_no_others()
    {
        var child = Start(("SteamAppId", "570"), ("HF_TOKEN", "hunter2"));
        Assert.Equal("570", _proc.Read(child.Id).Environment!["SteamAppId"]);
        Assert.DoesNotContain("HF_TOKEN", _proc.Read(child.Id).Environment!.Keys);
    }

    [Fact]
    public void A_process_keeps_its_identity_while_it_lives_and_loses_it_when_it_ends()
    {
        var child = Start();
        Assert.True(_proc.TryReadStamp(child.Id, out var first));
        for (var tick = 0; tick < 20; tick++)
        {
            _proc.EndTick();
            Assert.True(_proc.TryReadStamp(child.Id, out var again));
            Assert.Equal(first, again);
        }

        End(child);
        Assert.False(_proc.TryReadStamp(child.Id, out _));
    }

    [Fact]
    public void What_is_asked_every_tick_costs_no_garbage()
    {
        var child = Start();
        for (var warm = 0; warm < 100; warm++)
            Assert.True(_proc.TryReadStamp(child.Id, out _));
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var tick = 0; tick < 1000; tick++)
                if (!_proc.TryReadStamp(child.Id, out _))
                    Assert.Fail("it lives");
        }));
    }

    [Fact]
    public void What_nobody_asks_for_any_more_is_closed()
    {
        var child = Start();
        Assert.True(_proc.TryReadStamp(child.Id, out _));
        Assert.Contains($"/proc/{child.Id}/stat", OpenFiles());
        _proc.EndTick();
        _proc.EndTick();
        Assert.DoesNotContain($"/proc/{child.Id}/stat", OpenFiles());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void A_pid_that_cannot_be_is_nobody(int pid)
    {
        Assert.False(_proc.TryReadStamp(pid, out _));
        Assert.Equal(ProcessFacts.Unknown, _proc.Read(pid));
    }

    [Fact]
    public void Everything_that_runs_here_can_be_read_without_a_crash()
    {
        var pids = Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0).Where(pid => pid > 0);
        Assert.Contains(pids.ToList(), pid => _proc.TryReadStamp(pid, out _) && _proc.Read(pid).Name is not null);
    }

    private Process Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("sleep", "600");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var child = Process.Start(start)!;
        _started.Add(child);
        return child;
    }

    private static void End(Process child)
    {
        if (!child.HasExited)
            child.Kill();
        child.WaitForExit();
    }

    private static List<string?> OpenFiles() =>
        [.. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget)];
}
