using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Requests;

public sealed class RecentRequestsTests
{
    private static readonly RecentFilter All = new(Limit: 1000);

    private readonly ManualTimeProvider _clock = new(Records.Start);

    [Fact]
    public void The_newest_come_first_and_the_oldest_go()
    {
        using var recent = Recent(new() { RecentRequests = 3 });
        for (var i = 0; i < 5; i++) recent.Take(Records.Of(i));
        Assert.Equal([4, 3, 2], recent.Find(All).Select(Second));
        Assert.Equal([4], recent.Find(new RecentFilter(Limit: 1)).Select(Second));
    }

    [Fact]
    public void Filters_hold_together()
    {
        using var recent = Recent(new());
        recent.Take(Records.Of(1, "a", "x"));
        recent.Take(Records.Of(2, "a", "y", LlmOutcome.Failed));
        recent.Take(Records.Of(3, "b", "x", server: "vllm"));
        Assert.Equal([2, 1], recent.Find(All with { Model = "A" }).Select(Second));
        Assert.Equal([3, 1], recent.Find(All with { Client = "x" }).Select(Second));
        Assert.Equal([2], recent.Find(All with { Outcome = LlmOutcome.Failed }).Select(Second));
        Assert.Equal([3], recent.Find(All with { Server = "vllm", Client = "x" }).Select(Second));
        Assert.Empty(recent.Find(All with { Server = "vllm", Model = "a" }));
    }

    [Fact]
    public void None_are_remembered_where_none_are_asked_for()
    {
        using var recent = Recent(new() { RecentRequests = 0 });
        recent.Take(Records.Of(1));
        Assert.Empty(recent.Find(All));
    }

    [Fact]
    public void What_was_said_is_forgotten_after_its_time_though_nobody_asks_and_the_figures_stay()
    {
        using var recent = Recent(new() { CaptureContent = true, CaptureRetention = TimeSpan.FromMinutes(10) });
        recent.Take(Records.Of(0).With("old"));
        _clock.Advance(TimeSpan.FromMinutes(8));
        recent.Take(Records.Of(480).With("young"));
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(["young", null], recent.Find(All).Select(record => record.Content?.Request));
    }

    [Fact]
    public void What_was_said_takes_no_more_than_its_share_of_memory()
    {
        using var recent = Recent(new() { CaptureContent = true });
        var half = new string('x', (int)(RecentRequests.MostContentCharacters / 2));
        for (var i = 0; i < 3; i++) recent.Take(Records.Of(i).With(half[..^1], "y"));
        Assert.Equal([true, true, false], recent.Find(All).Select(record => record.Content is not null));
    }

    private static int Second(LlmRequestCompleted record) => (int)(record.StartedAt - Records.Start).TotalSeconds;

    private RecentRequests Recent(OllamaOptions options) => new(Options.Create(options), _clock);
}
