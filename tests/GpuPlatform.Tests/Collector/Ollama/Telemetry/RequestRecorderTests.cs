using System.Diagnostics;
using GpuPlatform.Collector;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class RequestRecorderTests : IAsyncDisposable
{
    private readonly TelemetryFixture _telemetry = new(new BrokenSink());

    public ValueTask DisposeAsync() => _telemetry.DisposeAsync();

    [Fact]
    public async Task A_record_waits_for_the_sample_after_its_end_and_has_its_energy()
    {
        await StartAsync();
        _telemetry.SampleAt(0, TelemetryFixture.Gpu(20));
        _telemetry.SampleAt(2, TelemetryFixture.Gpu(20));
        _telemetry.SampleAt(4, TelemetryFixture.Gpu(100));
        Pass(_telemetry.Requests.Streamed(4, 4.5, 5.5, completion: 50, prompt: 10), 5.5);
        await Until.True(() => _telemetry.Clock.PendingTimerCount == 1);
        Assert.Empty(_telemetry.Sink.Records);
        _telemetry.SampleAt(6, TelemetryFixture.Gpu(100));
        await Until.True(() => _telemetry.Sink.Records.Count == 1);
        var record = _telemetry.Sink.Records[0];
        // 1.5 s at 100 W; idle were 20 W
        Assert.Equal(150, record.EnergyJoules!.Value, 6);
        Assert.Equal(30, record.IdleEnergyJoules!.Value, 6);
        Assert.Equal(["GPU-a"], record.GpuUuids);
    }

    [Fact]
    public async Task What_is_sent_belongs_to_the_callers_trace()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CollectorTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var current = new List<string?>();
        _telemetry.Sink.Taken = _ => current.Add(Activity.Current?.TraceId.ToHexString());
        await StartAsync();
        Pass(_telemetry.Requests.Request(traceParent: $"00-{trace}-b7ad6b7169203331-01"), 1);
        await Until.True(() => _telemetry.Sink.Records.Count == 1);
        Assert.Equal((trace, trace), (_telemetry.Sink.Records[0].TraceId, Assert.Single(current)));
    }

    [Fact]
    public async Task Without_another_sample_it_goes_without_energy_after_two_intervals()
    {
        await StartAsync();
        _telemetry.SampleAt(0, TelemetryFixture.Gpu(100));
        Pass(_telemetry.Requests.Streamed(0, 1, 2, 10), 2);
        await Until.True(() => _telemetry.Clock.PendingTimerCount == 1);
        _telemetry.Clock.Advance(TimeSpan.FromSeconds(7.1));
        await Until.True(() => _telemetry.Sink.Records.Count == 1);
        Assert.Equal((null, null, 0), (_telemetry.Sink.Records[0].EnergyJoules, _telemetry.Sink.Records[0].IdleEnergyJoules, _telemetry.Sink.Records[0].GpuUuids.Count));
    }

    [Fact]
    public async Task Who_used_no_gpu_waits_for_none()
    {
        await StartAsync();
        var cloud = _telemetry.Requests.Streamed(0, 1, 2, 10);
        cloud.Facts = cloud.Facts with { Model = "big:120b-cloud" };
        Pass(cloud, 2);
        await Until.True(() => _telemetry.Sink.Records.Count == 1);
        Assert.True(_telemetry.Sink.Records[0].Remote);
    }

    [Fact]
    public async Task Requests_under_way_get_their_share_later_and_together_it_is_the_board()
    {
        await StartAsync();
        _telemetry.SampleAt(0, TelemetryFixture.Gpu(100));
        var (first, second) = (_telemetry.Requests.Streamed(0, 0.001, 4, 100), _telemetry.Requests.Streamed(0, 0.001, 8, 200));
        _telemetry.Recorder.Began(second);
        Pass(first, 4);
        for (var at = 2; at <= 4; at += 2) _telemetry.SampleAt(at, TelemetryFixture.Gpu(100));
        await Until.True(() => _telemetry.Sink.Records.Count == 1);
        for (var at = 6; at <= 8; at += 2) _telemetry.SampleAt(at, TelemetryFixture.Gpu(100));
        _telemetry.Recorder.Ended(second, _telemetry.Requests.End(8));
        await Until.True(() => _telemetry.Sink.Records.Count == 2);
        Assert.Equal(800, _telemetry.Sink.Records.Sum(record => record.EnergyJoules!.Value), 3);
        Assert.InRange(_telemetry.Sink.Records[0].EnergyJoules!.Value, 100, 300);
    }

    [Fact]
    public async Task Stopping_writes_what_waits_at_once()
    {
        await StartAsync();
        _telemetry.SampleAt(0, TelemetryFixture.Gpu(100));
        for (var i = 0; i < 50; i++) Pass(_telemetry.Requests.Streamed(0, 1, 2, 10), 2);
        await _telemetry.Recorder.StopAsync(CancellationToken.None);
        Assert.Equal(50, _telemetry.Sink.Records.Count);
        Assert.All(_telemetry.Sink.Records, record => Assert.Null(record.EnergyJoules));
    }

    [Fact]
    public async Task So_many_wait_and_no_more()
    {
        await StartAsync();
        _telemetry.SampleAt(0, TelemetryFixture.Gpu(100));
        for (var i = 0; i < RequestRecorder.MostWaiting + 7; i++) Pass(_telemetry.Requests.Streamed(0, 1, 2, 10), 2);
        await Until.True(() => _telemetry.Sink.Records.Count == 7);
    }

    [Fact]
    public async Task A_sink_that_fails_keeps_nothing_from_the_others()
    {
        await StartAsync();
        for (var i = 0; i < 2; i++) Pass(_telemetry.Requests.Streamed(0, 1, 2, 10), 2);
        await Until.True(() => _telemetry.Sink.Records.Count == 2);
        Assert.All(_telemetry.Log.Lines, line => Assert.Contains("was refused by BrokenSink", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_defect_in_reading_a_reply_is_told_in_the_log()
    {
        await StartAsync();
        var request = _telemetry.Requests.Request();
        request.Reply = new ReplyReader(request.Endpoint, streams: true, new BrokenClock());
        for (var i = 0; i < 2; i++) request.Reply.Read("{\"message\":{\"content\":\"x\"},\"done\":false}\n"u8, i);
        Pass(request, 1);
        await Until.True(() => _telemetry.Sink.Records.Count == 1);
        Assert.True(_telemetry.Sink.Records[0].Unparsed);
        Assert.Contains(_telemetry.Log.Lines, line => line.Contains($"{request.Id} at /api/chat passed, but could not be read", StringComparison.Ordinal));
    }

    private Task StartAsync() => _telemetry.Recorder.StartAsync(CancellationToken.None);

    private void Pass(LlmRequest request, double endedAt)
    {
        _telemetry.Recorder.Began(request);
        _telemetry.Recorder.Ended(request, _telemetry.Requests.End(endedAt));
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override long TimestampFrequency => throw new InvalidOperationException("no clock");
    }

    private sealed class BrokenSink : IRecordSink
    {
        public void Take(LlmRequestCompleted record) => throw new InvalidOperationException("full");
    }
}
