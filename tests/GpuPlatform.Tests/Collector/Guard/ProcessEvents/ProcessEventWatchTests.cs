using System.Diagnostics;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.ProcessEvents;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Tests.Collector.Guard.ProcessEvents;

/// <summary>On the kernel of this machine. What else starts here meanwhile is news too, so every test asks for the least that its own process must cause.</summary>
public sealed class ProcessEventWatchTests
{
    [Fact]
    public void The_kernel_tells_of_a_program_that_starts()
    {
        using var news = ProcConnector.Open(out var problem);
        Assert.SkipWhen(news is null, $"the kernel does not tell this process: {problem}");

        Assert.True(HearsOf(news));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_count_of_processes_moves_when_a_program_starts(bool isHostNamespace)
    {
        Assert.SkipUnless(File.Exists("/proc/loadavg"), "no Linux");
        using var news = new ProcessCountPoll("/", isHostNamespace, TimeSpan.FromMilliseconds(20));

        Assert.True(HearsOf(news));
    }

    [Theory]
    [InlineData("0.50 0.30 0.20 1/345 98765\n", true, 98765)]
    [InlineData("cpu 1 2 3\nintr 5 6 7\nctxt 8\nbtime 1\nprocesses 4711\nprocs_running 1\n", false, 4711)]
    internal void The_count_is_read_from_either_file(string text, bool isHostNamespace, long expected)
    {
        using var tree = new TemporaryTree();
        tree.Write(isHostNamespace ? "proc/loadavg" : "proc/stat", text);
        using var poll = new ProcessCountPoll(tree.Root, isHostNamespace, TimeSpan.Zero);

        Assert.Equal(expected, poll.Read());
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("0.50 0.30 0.20 1/345 many", true)]
    [InlineData("processes", false)]
    [InlineData("cpu 1 2 3\nprocesses x\n", false)]
    internal void A_file_in_no_form_of_Linux_is_a_reason_not_a_number(string text, bool isHostNamespace)
    {
        using var tree = new TemporaryTree();
        tree.Write(isHostNamespace ? "proc/loadavg" : "proc/stat", text);
        using var poll = new ProcessCountPoll(tree.Root, isHostNamespace, TimeSpan.Zero);

        Assert.Throws<IOException>(() => poll.Read());
    }

    [Fact]
    public async Task Nothing_is_asked_of_the_kernel_while_nobody_listens()
    {
        var opened = 0;
        using var watch = Watch(() =>
        {
            opened++;
            return new NewsDouble();
        });
        Assert.Equal((ProcessEventSource.Off, 0), (watch.Source, opened));

        Action listener = () => { };
        watch.Changed += listener;
        await Until.True(() => watch.Source == ProcessEventSource.Kernel);
        watch.Changed -= listener;

        await Until.True(() => watch.Source == ProcessEventSource.Off);
        Assert.Equal(1, opened);
    }

    [Fact]
    public async Task Where_the_kernel_does_not_tell_the_count_is_looked_at_and_the_reason_is_known()
    {
        var poll = new NewsDouble();
        using var watch = new ProcessEventWatch(() => (null, "not permitted"), () => poll, NullLogger<ProcessEventWatch>.Instance);
        var raised = 0;
        watch.Changed += () => Interlocked.Increment(ref raised);

        await Until.True(() => watch.Source == ProcessEventSource.Poll);
        Assert.Equal("not permitted", watch.Problem);
        poll.Tell();
        await Until.True(() => Volatile.Read(ref raised) == 1);
    }

    [Fact]
    public async Task A_kernel_that_stops_telling_is_replaced_by_its_count()
    {
        var (kernel, poll) = (new NewsDouble(), new NewsDouble());
        using var watch = new ProcessEventWatch(() => (kernel, null), () => poll, NullLogger<ProcessEventWatch>.Instance);
        watch.Changed += () => { };

        await Until.True(() => watch.Source == ProcessEventSource.Kernel);
        kernel.Break("no such device");

        await Until.True(() => watch.Source == ProcessEventSource.Poll);
        Assert.Equal("no such device", watch.Problem);
    }

    [Fact]
    public async Task A_listener_that_fails_does_not_end_the_news()
    {
        var kernel = new NewsDouble();
        using var watch = Watch(() => kernel);
        var calls = 0;
        watch.Changed += () => throw new InvalidOperationException($"failed {Interlocked.Increment(ref calls)}");

        kernel.Tell();
        await Until.True(() => Volatile.Read(ref calls) == 1);
        kernel.Tell();
        await Until.True(() => Volatile.Read(ref calls) == 2);
    }

    [Fact]
    public async Task A_real_program_is_told_within_moments()
    {
        Assert.SkipUnless(File.Exists("/proc/loadavg"), "no Linux");
        using var watch = new ProcessEventWatch("/", NullLogger<ProcessEventWatch>.Instance);
        using var told = new ManualResetEventSlim();
        watch.Changed += told.Set;
        await Until.True(() => watch.Source != ProcessEventSource.Off);
        told.Reset();

        Spawn();

        await Until.True(() => told.IsSet);
    }

    private static bool HearsOf(IProcessNews news)
    {
        using var waiting = new ManualResetEventSlim();
        var heard = Task.Factory.StartNew(() =>
        {
            waiting.Set();
            return news.Wait();
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        waiting.Wait();
        for (var attempt = 0; attempt < 100 && !heard.Wait(TimeSpan.FromMilliseconds(100)); attempt++)
            Spawn();
        news.Stop();
        return heard.GetAwaiter().GetResult();
    }

    private static void Spawn()
    {
        using var program = Process.Start("/bin/true");
        program.WaitForExit();
    }

    private static ProcessEventWatch Watch(Func<IProcessNews> kernel) => new(() => (kernel(), null), () => new NewsDouble(), NullLogger<ProcessEventWatch>.Instance);

    private sealed class NewsDouble : IProcessNews
    {
        private readonly SemaphoreSlim _news = new(0);
        private volatile string? _broken;
        private volatile bool _isStopped;

        public void Tell() => _news.Release();

        public void Break(string reason)
        {
            _broken = reason;
            _news.Release();
        }

        public bool Wait()
        {
            _news.Wait();
            return _broken is { } reason ? throw new IOException(reason) : !_isStopped;
        }

        public void Stop()
        {
            _isStopped = true;
            _news.Release();
        }

        public void Dispose() => _isStopped = true;
    }
}
