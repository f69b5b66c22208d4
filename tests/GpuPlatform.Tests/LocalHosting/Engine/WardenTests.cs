using System.Diagnostics;
using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.Tests.LocalHosting.Engine;

public sealed class WardenTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_child_is_the_named_process_itself_in_a_group_of_its_own()
    {
        await using var warden = Warden.Start();
        var child = ChildProcess.Start(warden, new("sleep", "600"), _ => { });
        await Doubles.Until.True(() => File.ReadAllText($"/proc/{child.Id}/comm").Trim() == "sleep");
        Assert.Equal($"{child.Id}", Fields(child.Id)[2]);
        await child.StopAsync(Limit);
    }

    [Fact]
    public async Task What_the_process_writes_arrives_and_so_does_its_exit_code()
    {
        var lines = new List<string>();
        await using var warden = Warden.Start();
        var child = ChildProcess.Start(warden, new("/bin/sh", "-c", "echo out; echo err >&2; exit 7"), line => { lock (lines) lines.Add(line); });
        Assert.Equal(7, await child.Exit.WaitAsync(Limit));
        Assert.Equal(["err", "out"], lines.Order());
    }

    [Fact]
    public async Task A_process_that_ignores_the_gentle_signal_is_killed_with_its_whole_group()
    {
        var grandchild = new TaskCompletionSource<int>();
        await using var warden = Warden.Start();
        var child = ChildProcess.Start(warden, new("/bin/sh", "-c", "trap '' TERM; sleep 600 & echo $!; wait; wait"), line => grandchild.TrySetResult(int.Parse(line)));
        var processId = await grandchild.Task.WaitAsync(Limit);
        await child.StopAsync(TimeSpan.FromMilliseconds(100));
        await Doubles.Until.True(() => IsGone(processId));
    }

    [Fact]
    public async Task When_the_parent_is_gone_every_group_ends_and_the_folder_is_removed()
    {
        var folder = Directory.CreateTempSubdirectory("warden test ").FullName;
        var grandchild = new TaskCompletionSource<int>();
        var warden = Warden.Start();
        warden.RemoveAtEnd(folder);
        var first = ChildProcess.Start(warden, new("/bin/sh", "-c", "sleep 600 & echo $!; wait"), line => grandchild.TrySetResult(int.Parse(line)));
        var second = ChildProcess.Start(warden, new ProcessSpec("sleep", "600") { EndStage = 2, EndSignal = "INT" }, _ => { });
        var processId = await grandchild.Task.WaitAsync(Limit);

        // Closing its standard input is what the kernel does when the AppHost dies.
        await warden.DisposeAsync().AsTask().WaitAsync(Limit);
        await Doubles.Until.True(() => IsGone(processId) && IsGone(first.Id) && IsGone(second.Id) && !Directory.Exists(folder));
    }

    private static bool IsGone(int processId) => !File.Exists($"/proc/{processId}/stat") || Fields(processId) is ["Z" or "X", ..] or [];

    private static string[] Fields(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
