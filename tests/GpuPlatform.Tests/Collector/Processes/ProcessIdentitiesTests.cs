using GpuPlatform.Collector.Processes;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Processes;

/// <summary>An open file that is emptied stands for a process that has ended: reading it gives nothing more.</summary>
public sealed class ProcessIdentitiesTests : IDisposable
{
    private readonly TemporaryTree _tree = new();
    private readonly ProcessIdentities _identities;

    public ProcessIdentitiesTests()
    {
        _tree.Write("proc/stat", "btime 1760000000\n");
        _identities = new ProcessIdentities(Path.Combine(_tree.Root, "proc"), staysTied: true);
    }

    public void Dispose()
    {
        _identities.ForgetUnasked();
        _identities.ForgetUnasked();
        _tree.Dispose();
    }

    [Fact]
    public void A_number_used_again_within_one_clock_tick_is_another_process()
    {
        Born(7, startTicks: 500);
        var first = Read(7);
        Assert.Equal(first, Read(7));

        Dies(7);
        Born(7, startTicks: 500);
        var second = Read(7);
        Assert.NotEqual(first.StartedAt, second.StartedAt);
        Assert.InRange((second.StartedAt - first.StartedAt).TotalMilliseconds, 1, 9);
        Assert.Equal(second, Read(7));

        Dies(7);
        Born(7, startTicks: 500);
        Assert.Equal(3, new[] { first, second, Read(7) }.Select(stamp => stamp.StartedAt).Distinct().Count());
    }

    [Fact]
    public void The_open_process_is_asked_not_whoever_has_the_path()
    {
        Born(7, startTicks: 500);
        var first = Read(7);
        Directory.Move(Path.Combine(_tree.Root, "proc/7"), Path.Combine(_tree.Root, "proc/gone"));
        Born(7, startTicks: 900);
        Assert.Equal(first, Read(7));
    }

    [Fact]
    public void A_process_that_has_ended_without_a_successor_is_nobody()
    {
        Born(7, startTicks: 500);
        Read(7);
        Dies(7);
        Assert.False(_identities.TryRead(7, out _));
        _identities.ForgetUnasked();
        Assert.False(_identities.TryRead(7, out _));
    }

    [Fact]
    public void A_clock_that_is_set_changes_no_identity_of_a_process_that_is_watched()
    {
        Born(7, startTicks: 500);
        var first = Read(7);
        for (var tick = 1; tick < 5; tick++)
        {
            _identities.ForgetUnasked();
            _tree.Write("proc/stat", $"btime {1760000000 + tick * 1000}\n");
            Assert.Equal(first, Read(7));
        }
    }

    [Fact]
    public void More_processes_than_may_stay_open_are_told_apart_all_the_same()
    {
        for (var pid = 1; pid <= 1100; pid++)
            Born(pid, startTicks: pid);
        var first = Enumerable.Range(1, 1100).Select(Read).ToList();
        _identities.ForgetUnasked();
        Assert.Equal(first, Enumerable.Range(1, 1100).Select(Read));
        Assert.Equal(1100, first.Distinct().Count());
    }

    private ProcessStamp Read(int pid)
    {
        Assert.True(_identities.TryRead(pid, out var stamp));
        return stamp;
    }

    private void Born(int pid, long startTicks) => _tree.Write($"proc/{pid}/stat", new StatLine(pid, "p", 1, startTicks));

    private void Dies(int pid)
    {
        _tree.Write($"proc/{pid}/stat", "");
        _tree.Remove($"proc/{pid}");
    }
}
