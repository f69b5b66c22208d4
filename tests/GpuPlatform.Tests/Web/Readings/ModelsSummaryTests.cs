using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.LlmSnapshots;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class ModelsSummaryTests
{
    private static readonly ResidentModel Llama = new() { Name = "llama3.2:3b", SizeBytes = 3 * Gib, VramBytes = 3 * Gib };

    [Fact]
    public void It_says_who_is_answered_and_what_holds_the_memory()
    {
        var activity = Activity(Noon, Running(rate: 84.2), Running(LlmPhase.Waiting, null, "qwen3:8b")) with { Servers = [Ollama with { Resident = [Llama] }] };

        Assert.Equal("llama3.2:3b answers alice at 84.2 tok/s; alice waits for qwen3:8b. llama3.2:3b holds 3.0 GiB of GPU memory.", ModelsSummary.Of([NodeWith(activity)], Noon));
    }

    [Fact]
    public void Requests_beyond_the_list_are_counted()
    {
        var activity = Activity(Noon, Running(LlmPhase.Thinking, 10)) with { InFlightCount = 7 };

        Assert.Equal("llama3.2:3b thinks for alice at 10.0 tok/s; 6 more requests are under way. No model is in memory.", ModelsSummary.Of([NodeWith(activity)], Noon));
        Assert.Equal(7, ModelsSummary.RunningCount([activity]));
    }

    [Fact]
    public void Silence_and_absence_are_said()
    {
        Assert.Equal("No node has reported yet, so nothing can be said.", ModelsSummary.Of([], Noon));
        Assert.Equal("No collector tells of a model server.", ModelsSummary.Of([NodeWith(null)], Noon));
        Assert.Equal("No collector tells of a model server.", ModelsSummary.Of([NodeWith(Activity(Noon, Running())) with { Stale = true }], Noon));
        Assert.Equal("No request is under way. No model server can be reached.", ModelsSummary.Of([NodeWith(Activity(Noon) with { Servers = [Ollama with { Reachable = false }] })], Noon));
    }

    [Fact]
    public void Rates_are_added_and_an_unknown_one_is_no_zero()
    {
        Assert.Null(ModelsSummary.TokensPerSecond([Activity(Noon, Running(rate: null))]));
        Assert.Equal(30, ModelsSummary.TokensPerSecond([Activity(Noon, Running(rate: 10), Running(rate: null)), Activity(Noon, Running(rate: 20), Running(rate: double.NaN))]));
    }

    [Fact]
    public void Work_elsewhere_is_told_apart_from_what_keeps_this_gpu_busy()
    {
        var (here, there) = (Running(rate: 10), Running(rate: 30) with { Remote = true });

        Assert.Equal("idle", ModelsSummary.Work([Activity(Noon)]));
        Assert.Equal("10.0 tok/s, 1 request", ModelsSummary.Work([Activity(Noon, here)]));
        Assert.Equal("40.0 tok/s, 2 requests, 1 of them elsewhere", ModelsSummary.Work([Activity(Noon, here, there)]));
        Assert.Equal("waiting: 1 request, elsewhere", ModelsSummary.Work([Activity(Noon, there with { TokensPerSecond = null })]));
    }
}
