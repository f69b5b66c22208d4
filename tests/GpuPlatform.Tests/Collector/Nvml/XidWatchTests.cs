using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class XidWatchTests : IDisposable
{
    private readonly NvmlHostFixture _host = new();
    private readonly ManualResetEventSlim _release = new();

    public XidWatchTests()
    {
        _host.Gpu("0000:01:00.0", "active", control: "on");
        _host.Gpu("0000:02:00.0", "active", control: "on");
    }

    public void Dispose()
    {
        _release.Set();
        _host.Dispose();
        _release.Dispose();
    }

    [Fact]
    public async Task An_error_is_counted_dated_and_said_in_words()
    {
        await Report(1, 79);
        var xid = Assert.Single(Xids(1)!);
        Assert.Equal((79, 1L), (xid.Code, xid.Count));
        Assert.InRange(xid.LastAt, _host.Clock.GetUtcNow() - TimeSpan.FromMinutes(5), _host.Clock.GetUtcNow());
        Assert.Empty(Xids(0)!);
        Assert.Equal(1, _host.Count("gpu_xid_errors_total GPU-1 1 79"));
        Assert.Contains("Error: GPU 1 (GPU-1) reported XID 79: the GPU has fallen off the bus", Assert.Single(_host.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_are_counted_by_code_and_outlive_their_session()
    {
        await Report(0, 31);
        await Report(0, 31);
        await Report(0, 13);
        NvmlDouble.StatusByFunction["nvmlDeviceGetUtilizationRates"] = NvmlStatus.Uninitialized;
        _host.Tick();
        NvmlDouble.StatusByFunction.Clear();
        _host.Tick();
        Assert.Equal(2, NvmlHostDouble.InitCount);
        Assert.Equal([(13, 1L), (31, 2L)], Xids(0)!.Select(xid => (xid.Code, xid.Count)));
    }

    [Fact]
    public async Task A_storm_is_counted_in_full_and_said_once_a_minute()
    {
        for (var i = 0; i < 500; i++)
            Enqueue(0, NvmlEventTypes.Xid, 13);
        _host.Tick();
        await Listening(() => _host.Count("gpu_xid_errors_total GPU-0 0 13") == 500);
        Assert.Single(_host.Log.Lines);
    }

    [Theory]
    [InlineData(999UL)]
    [InlineData(ulong.MaxValue)]
    public async Task A_code_that_is_none_is_the_unknown_one(ulong data)
    {
        Enqueue(0, NvmlEventTypes.Xid, data);
        _host.Tick();
        await Listening(() => Xids(0) is [{ Code: 999 }]);
    }

    [Fact]
    public async Task Memory_errors_are_counted_by_kind()
    {
        Enqueue(0, NvmlEventTypes.CorrectedMemoryError, 0);
        Enqueue(1, NvmlEventTypes.UncorrectedMemoryError, 0);
        _host.Tick();
        await Listening(() => _host.Count("gpu_memory_error_events_total GPU-1 1 uncorrected") == 1);
        Assert.Equal(1, _host.Count("gpu_memory_error_events_total GPU-0 0 corrected"));
    }

    [Fact]
    public async Task Nothing_to_report_is_no_error()
    {
        _host.Tick();
        await Listening(() => NvmlHostDouble.WaitCount > 10);
        Assert.Equal(1, NvmlHostDouble.EventSetCount);
        Assert.Equal(0, _host.Count("errors nvmlEventSetWait 10"));
    }

    [Theory]
    [InlineData(NvmlStatus.GpuIsLost)]
    [InlineData(NvmlStatus.Uninitialized)]
    [InlineData(NvmlStatus.Unknown)]
    [InlineData((NvmlStatus)4242)]
    public async Task A_wait_that_fails_builds_the_set_anew_after_ever_longer_pauses(object status)
    {
        NvmlDouble.StatusByFunction["nvmlEventSetWait"] = (NvmlStatus)status;
        _host.Tick();
        var sets = 1;
        foreach (var pause in (int[])[1, 2, 4, 8, 16, 30, 30])
        {
            await Until.True(() => NvmlHostDouble.FreedEventSetCount == sets && _host.Clock.PendingTimerCount == 1);
            _host.Clock.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(sets, NvmlHostDouble.EventSetCount);
            _host.Clock.Advance(TimeSpan.FromMilliseconds(1));
            sets++;
            await Until.True(() => NvmlHostDouble.EventSetCount == sets);
        }
    }

    [Fact]
    public async Task A_set_that_registering_has_spoilt_is_freed_and_built_anew()
    {
        NvmlDouble.StatusByFunction["nvmlDeviceRegisterEvents"] = NvmlStatus.Unknown;
        _host.Tick();
        await Until.True(() => NvmlHostDouble.FreedEventSetCount == 1 && _host.Clock.PendingTimerCount == 1);
        NvmlDouble.StatusByFunction.Clear();
        await Report(0, 43);
    }

    [Fact]
    public async Task A_gpu_without_events_leaves_the_set_to_the_others()
    {
        NvmlDouble.FailingDevice = 0;
        NvmlDouble.StatusByFunction["nvmlDeviceRegisterEvents"] = NvmlStatus.NotSupported;
        await Report(1, 63);
        Assert.Null(Xids(0));
        Assert.Equal(1, NvmlHostDouble.EventSetCount);
    }

    [Theory]
    [InlineData("nvmlDeviceRegisterEvents")]
    [InlineData("nvmlDeviceGetSupportedEventTypes")]
    [InlineData("nvmlEventSetCreate")]
    public void Where_the_driver_has_no_events_nobody_listens_and_that_is_no_error(string function)
    {
        NvmlDouble.StatusByFunction[function] = NvmlStatus.NotSupported;
        Assert.All(_host.Tick(), gpu => Assert.Equal("active", gpu.State));
        _host.Source.Dispose();
        Assert.Equal(0, NvmlHostDouble.WaitCount);
        Assert.Equal(0, _host.Count($"errors {function} 3"));
        Assert.Equal(1, NvmlHostDouble.ShutdownCount);
    }

    [Theory]
    [InlineData("nvmlEventSetCreate")]
    [InlineData("nvmlEventSetFree")]
    [InlineData("nvmlEventSetWait")]
    [InlineData("nvmlDeviceRegisterEvents")]
    [InlineData("nvmlDeviceGetSupportedEventTypes")]
    public void A_missing_symbol_is_a_missing_feature(string function)
    {
        NvmlDouble.MissingSymbols.UnionWith([function, $"{function}_v2"]);
        _host.Tick();
        _host.Source.Dispose();
        Assert.Equal((0, 1), (NvmlHostDouble.WaitCount, NvmlHostDouble.ShutdownCount));
    }

    [Fact]
    public async Task A_close_while_it_waits_frees_the_set_before_the_driver_is_closed()
    {
        _host.Tick();
        await Listening(() => NvmlHostDouble.WaitCount > 0);
        _host.Source.Dispose();
        Assert.Equal((1, 1), (NvmlHostDouble.FreedEventSetCount, NvmlHostDouble.ShutdownCount));
    }

    [Fact]
    public async Task A_wait_that_hangs_in_the_driver_does_not_hold_up_the_close()
    {
        NvmlHostDouble.Hanging["nvmlEventSetWait"] = _release;
        _host.Tick();
        await Until.True(() => NvmlHostDouble.Hung.ContainsKey("nvmlEventSetWait"));
        var close = Task.Run(_host.Source.Dispose, TestContext.Current.CancellationToken);
        await Until.True(() =>
        {
            _host.Clock.Advance(TimeSpan.FromSeconds(2));
            return close.IsCompleted;
        });
        Assert.Equal((0, 0), (NvmlHostDouble.FreedEventSetCount, NvmlHostDouble.ShutdownCount));
        Assert.Equal(1, _host.Count("nvml_sessions_left_behind_total"));
        _release.Set();
        await Until.True(() => (NvmlHostDouble.FreedEventSetCount, NvmlHostDouble.ShutdownCount) == (1, 1));
    }

    [Fact]
    public void Every_code_has_a_meaning() =>
        Assert.All([13, 31, 43, 48, 62, 63, 64, 74, 79, 92, 95, 119, 120, 999, 7], code => Assert.NotEmpty(XidMeaning.Of(code).Text));

    private async Task Report(int gpu, ulong code)
    {
        var series = $"gpu_xid_errors_total GPU-{gpu} {gpu} {code}";
        var before = _host.Count(series);
        Enqueue(gpu, NvmlEventTypes.Xid, code);
        _host.Tick();
        await Listening(() => _host.Count(series) == before + 1);
    }

    // A library that does not wait is asked again after a second: the clock must go on for it
    private async Task Listening(Func<bool> condition) => await Until.True(() =>
    {
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });

    private static void Enqueue(int gpu, NvmlEventTypes type, ulong data) => NvmlHostDouble.Events.Enqueue(
        (NvmlStatus.Success, new NvmlEvent { Device = new NvmlDevice(gpu + 1), Type = type, Data = data }));

    private IReadOnlyList<GpuXid>? Xids(int gpu) => _host.Source.Gpus[gpu].ReadDetails()?.Details.Xids;
}
