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
    public void The_kernel_tells_which_program_starts_and_ends()
    {
        using var news = ProcConnector.Open(out var problem);
        Assert.SkipWhen(news is null, $"the kernel does not tell this process: {problem}");
        using var program = Process.Start("/bin/true");
        var events = new List<ProcessEvent>();

        HearUntil(news, events, () => events.Contains(new ProcessEvent(program.Id, HasEnded: true)));

        Assert.Contains(new ProcessEvent(program.Id, HasEnded: false), events);
        program.WaitForExit();
    }

    [Fact]
    public void The_poll_names_processes_that_start_and_no_threads()
    {
        Assert.SkipUnless(File.Exists("/proc/loadavg"), "no Linux");
        using var news = new ProcessCountPoll("/", tellsOwnNumbers: true, TimeSpan.FromMilliseconds(20));
        var events = new List<ProcessEvent>();
        Assert.True(news.Wait(events));
        using var program = Process.Start("/bin/sleep", "100");
        var thread = new Thread(() => Thread.Sleep(Timeout.Infinite)) { IsBackground = true };
        thread.Start();

        HearUntil(news, events, () => events.Contains(new ProcessEvent(program.Id, HasEnded: false)));
        program.Kill();

        Assert.True(news.Wait(events));
        var threads = Directory.EnumerateDirectories("/proc/self/task").Select(Path.GetFileName).Where(name => name != $"{Environment.ProcessId}").ToHashSet();
        Assert.DoesNotContain(events, one => one.Pid is { } pid && threads.Contains($"{pid}"));
        Assert.Contains(ProcessEvent.SomeEnded, events);
        program.WaitForExit();
    }

    [Fact]
    public void Where_processes_have_the_numbers_of_another_namespace_the_poll_names_nobody()
    {
        Assert.SkipUnless(File.Exists("/proc/loadavg"), "no Linux");
        using var news = new ProcessCountPoll("/", tellsOwnNumbers: false, TimeSpan.FromMilliseconds(20));
        var events = new List<ProcessEvent>();
        Assert.True(news.Wait(events));
        Spawn();

        HearUntil(news, events, () => events.Contains(ProcessEvent.SomeBegan));

        Assert.All(events, one => Assert.Null(one.Pid));
    }

    [Fact]
    public void Numbers_are_its_own_where_it_finds_itself_under_its_number()
    {
        Assert.SkipUnless(File.Exists("/proc/loadavg"), "no Linux");
        using var tree = new TemporaryTree();
        Assert.False(ProcessCountPoll.TellsOwnNumbers(tree.Root));
        tree.Link("proc/self", $"{Environment.ProcessId + 1}");
        Assert.False(ProcessCountPoll.TellsOwnNumbers(tree.Root));

        Assert.True(ProcessCountPoll.TellsOwnNumbers("/"));
    }

    [Theory]
    [InlineData("0.50 0.30 0.20 1/345 98765\n", true, 98765)]
    [InlineData("cpu 1 2 3\nintr 5 6 7\nctxt 8\nbtime 1\nprocesses 4711\nprocs_running 1\n", false, 4711)]
    internal void The_count_is_read_from_either_file(string text, bool tellsOwnNumbers, long expected)
    {
        using var tree = new TemporaryTree();
        tree.Write(tellsOwnNumbers ? "proc/loadavg" : "proc/stat", text);
        using var poll = new ProcessCountPoll(tree.Root, tellsOwnNumbers, TimeSpan.Zero);

        Assert.Equal(expected, poll.Read());
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("0.50 0.30 0.20 1/345 many", true)]
    [InlineData("processes", false)]
    [InlineData("cpu 1 2 3\nprocesses x\n", false)]
    internal void A_file_in_no_form_of_Linux_is_a_reason_not_a_number(string text, bool tellsOwnNumbers)
    {
        using var tree = new TemporaryTree();
        tree.Write(tellsOwnNumbers ? "proc/loadavg" : "proc/stat", text);
        using var poll = new ProcessCountPoll(tree.Root, tellsOwnNumbers, TimeSpan.Zero);

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

        Action<IReadOnlyList<ProcessEvent>> listener = _ => { };
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
        watch.Changed += _ => Interlocked.Increment(ref raised);

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
        watch.Changed += _ => { };

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
        watch.Changed += _ => throw new InvalidOperationException($"failed {Interlocked.Increment(ref calls)}");

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
        watch.Changed += _ => told.Set();
        await Until.True(() => watch.Source != ProcessEventSource.Off);
        told.Reset();

        Spawn();

        await Until.True(() => told.IsSet);
    }

    private static void HearUntil(IProcessNews news, List<ProcessEvent> events, Func<bool> isHeard)
    {
        for (var clock = Stopwatch.StartNew(); !isHeard() && clock.Elapsed < TimeSpan.FromSeconds(60);)
            Assert.True(news.Wait(events));
        Assert.True(isHeard(), string.Join(", ", events));
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

        public bool Wait(List<ProcessEvent> events)
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
