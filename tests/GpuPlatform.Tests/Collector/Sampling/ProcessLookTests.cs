using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class ProcessLookTests : IDisposable
{
    private const int Pid = 4711;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly ManualTimeProvider _clock = new();
    private readonly Lists _lists = new();
    private readonly LiveProcesses _living = new();
    private readonly SamplingPace _pace;
    private readonly ProcessLook _look;
    private Func<int, bool?> _opened = _ => false;
    private int _openedCount;

    public ProcessLookTests()
    {
        _pace = new SamplingPace(Options.Create(new SamplingOptions { ProcessInterval = TimeSpan.FromSeconds(10) }), _clock);
        _look = new ProcessLook(_lists, pid =>
        {
            _openedCount++;
            return _opened(pid);
        }, _living, _pace, _clock, NullLogger<ProcessLook>.Instance);
    }

    public void Dispose() => _look.Dispose();

    [Fact]
    public void A_process_that_opens_no_gpu_is_watched_for_a_minute_and_the_driver_never_asked()
    {
        Began(Pid);
        Pass(ProcessLook.WatchedFor + TimeSpan.FromSeconds(2));
        var watched = _openedCount;
        Pass(TimeSpan.FromSeconds(10));

        Assert.InRange(watched, 20, 100);
        Assert.Equal((watched, 0, 0), (_openedCount, _look.LookCount, _lists.EndCount));
    }

    [Fact]
    public void A_process_that_has_opened_a_gpu_is_looked_for_until_it_is_on_a_list()
    {
        _opened = pid => pid == Pid;
        Began(Pid);
        _look.Step();
        Assert.Equal(1, _look.LookCount);
        Pass(TimeSpan.FromSeconds(0.5));
        Assert.InRange(_look.LookCount, 2, 3);

        IsOnGpu(Pid);
        Pass(TimeSpan.FromSeconds(1));
        var looks = _look.LookCount;
        Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(looks, _look.LookCount);
    }

    [Fact]
    public void A_process_that_opens_a_gpu_late_is_found_soon_after()
    {
        Began(Pid);
        Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(0, _look.LookCount);

        _opened = _ => true;
        Pass(TimeSpan.FromSeconds(1.2));

        Assert.InRange(_look.LookCount, 1, 3);
    }

    [Fact]
    public void One_that_is_never_on_a_list_and_one_that_hides_its_files_end_to_be_looked_for()
    {
        _opened = pid => pid == Pid ? true : null;
        Began(Pid);
        Began(Pid + 1);
        Pass(TimeSpan.FromMinutes(2));

        Assert.InRange(_look.LookCount, ProcessLook.MostLooks, 2 * ProcessLook.MostLooks);
    }

    [Fact]
    public void Where_nobody_says_who_began_the_driver_is_asked()
    {
        _look.Note([ProcessEvent.SomeBegan]);
        Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(ProcessLook.MostLooks, _look.LookCount);
        Assert.Equal(0, _openedCount);
    }

    [Fact]
    public void The_end_of_a_process_counts_when_it_was_on_a_gpu_and_needs_no_list()
    {
        IsOnGpu(Pid);
        Ended(Pid + 1);
        Pass(TimeSpan.FromSeconds(5));
        Assert.Equal((0, 0), (_look.LookCount, _lists.EndCount));

        Ended(Pid);

        _look.Step();
        Assert.Equal((0, 1, true), (_look.LookCount, _lists.EndCount, _lists.IsCertain));
    }

    [Fact]
    public void While_a_game_runs_its_end_is_found_and_no_list_read()
    {
        _pace.GameHasGpu = true;
        _opened = _ => true;
        IsOnGpu(Pid);
        Began(Pid + 1);
        Ended(Pid);

        _look.Step();
        Assert.Equal(1, _lists.EndCount);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _look.LookCount);
    }

    [Fact]
    public void Ends_that_could_not_be_looked_for_are_looked_for_again()
    {
        IsOnGpu(Pid);
        _lists.IsHanging = true;
        Ended(Pid);
        _look.Step();
        Assert.Equal(1, _lists.EndCount);

        _lists.IsHanging = false;

        Pass(TimeSpan.FromSeconds(3));
        Assert.Equal(2, _lists.EndCount);
    }

    [Fact]
    public void Ends_of_nobody_knows_whom_count_while_anybody_is_on_a_gpu()
    {
        _look.Note([ProcessEvent.SomeEnded]);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _lists.EndCount);

        IsOnGpu(Pid);
        _look.Note([ProcessEvent.SomeEnded]);

        _look.Step();
        Assert.Equal((1, false), (_lists.EndCount, _lists.IsCertain));
        Assert.Equal(0, _look.LookCount);
    }

    [Fact]
    public void However_many_begin_and_end_on_gpus_the_driver_is_asked_so_often_only()
    {
        _opened = _ => true;
        var pid = Pid;
        for (var began = _clock.GetUtcNow(); _clock.GetUtcNow() - began < TimeSpan.FromSeconds(60);)
        {
            _look.Note([.. Enumerable.Range(0, 200).Select(_ => new ProcessEvent(pid++, HasEnded: false))]);
            IsOnGpu(pid - 1);
            Ended(pid - 1);
            Pass(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(_look.LookCount, 30, ProcessLook.MostAtOnce + 60 + 1);
    }

    [Fact]
    public void A_look_that_fails_does_not_end_the_looking()
    {
        _lists.Failure = new InvalidOperationException("the driver is gone");
        _look.Ask();
        _look.Step();
        Assert.Equal((1, 0), (_lists.FailedCount, _look.LookCount));

        _lists.Failure = null;
        _look.Ask();
        Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(1, _look.LookCount);
    }

    [Fact]
    public async Task Whoever_asks_gets_a_look_and_then_it_rests()
    {
        await _look.StartAsync(CancellationToken.None);
        _look.Ask();

        await Until.True(() => _look.LookCount == 1);
        await _look.StopAsync(CancellationToken.None);
        Assert.Equal(Timeout.InfiniteTimeSpan, _look.Step());
    }

    private void Began(int pid) => _look.Note([new ProcessEvent(pid, HasEnded: false)]);

    private void Ended(int pid) => _look.Note([new ProcessEvent(pid, HasEnded: true)]);

    private void IsOnGpu(int pid) => _living.Note(new GpuProcessObserved
    {
        NodeId = "node", GpuUuid = "GPU-1", Pid = pid, StartedAt = Start, Change = ProcessChange.Started, ObservedAt = Start,
    });

    /// <summary>Lets time pass, and has done in it what is due.</summary>
    private void Pass(TimeSpan time)
    {
        for (var end = _clock.GetUtcNow() + time; ;)
        {
            var rest = _look.Step();
            var left = end - _clock.GetUtcNow();
            if (rest == Timeout.InfiniteTimeSpan || rest > left)
            {
                _clock.Advance(left);
                return;
            }
            _clock.Advance(rest);
        }
    }

    private sealed class Lists : IProcessLists
    {
        public Exception? Failure { get; set; }

        public bool IsHanging { get; set; }

        public int EndCount { get; private set; }

        public int FailedCount { get; private set; }

        public bool LookAtProcesses()
        {
            if (Failure is null)
                return true;
            FailedCount++;
            throw Failure;
        }

        public bool IsCertain { get; private set; }

        public bool LookForEnds(bool isCertain)
        {
            EndCount++;
            IsCertain = isCertain;
            return !IsHanging;
        }
    }
}
