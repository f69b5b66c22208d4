using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Collector.Ollama.Models.ModelServerDouble;

namespace GpuPlatform.Tests.Collector.Ollama.Models;

public sealed class ResidencyPollTests
{
    private static readonly (string Key, string Value)[] Nothing = [("Ollama:Listen", "")];

    [Fact]
    public async Task Every_server_is_asked_by_itself_and_none_twice_at_a_time()
    {
        await using var ollama = (await ModelServerDouble.StartAsync()).Holds(Model("a:1b"));
        await using var other = (await ModelServerDouble.StartAsync()).Does("/v1/models", http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        await using var poll = new PollFixture(("Ollama:Upstream", $"{ollama.Address}"), ("Ollama:PollInterval", "00:00:01"),
            ("Ollama:Servers:slow:Listen", "http://127.0.0.1:1"), ("Ollama:Servers:slow:Upstream", $"{other.Address}"));
        await poll.StartAsync();
        await poll.PassUntilAsync(() => ollama.Asked.Count(path => path == "/api/ps") >= 5 && other.Asked.Contains("/v1/models"));
        Assert.Equal(["ollama", "slow"], poll.Poll.Current.Select(server => server.Name));
        Assert.Equal("a:1b", Assert.Single(poll.Poll.Current[0].Resident).Name);
        Assert.Equal((1, 1), (ollama.MostUnderWay, other.MostUnderWay));
    }

    [Fact]
    public async Task A_server_that_is_away_is_asked_ever_less_and_found_when_it_is_back()
    {
        await using var ollama = await ModelServerDouble.StartAsync();
        ollama.IsAway = true;
        await using var poll = new PollFixture(("Ollama:Upstream", $"{ollama.Address}"));
        await poll.StartAsync();
        await poll.PassUntilAsync(() => ollama.Asked.Count >= 8);
        // 5 + 5 + 10 + 20 + 30 + 30 + 30 s
        Assert.True(poll.Clock.GetUtcNow() - new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero) >= TimeSpan.FromSeconds(120), $"{poll.Clock.GetUtcNow():O}");
        Assert.False(poll.Poll.Current[0].Reachable);
        ollama.IsAway = false;
        ollama.Holds();
        await poll.PassUntilAsync(() => poll.Poll.Current[0].Reachable);
    }

    [Fact]
    public async Task A_model_that_is_being_loaded_is_looked_for_every_second()
    {
        await using var ollama = (await ModelServerDouble.StartAsync()).Holds();
        await using var poll = new PollFixture(("Ollama:Upstream", $"{ollama.Address}"), ("Ollama:PollInterval", "00:10:00"));
        await poll.StartAsync();
        await poll.PassUntilAsync(() => poll.Poll.Current[0].Reachable);
        var request = poll.Begin("a:1b");
        ollama.Holds(Model("a:1b"));
        await poll.PassUntilAsync(() => poll.Poll.Current[0].Resident.Count == 1);
        poll.Requests.End(request, LlmOutcome.Ok, null);
    }

    [Fact]
    public async Task Changes_are_published_once_counted_and_survive_a_publisher_that_fails()
    {
        await using var ollama = (await ModelServerDouble.StartAsync()).Holds();
        await using var poll = new PollFixture(("Ollama:Upstream", $"{ollama.Address}"));
        poll.Fault = new InvalidOperationException("no");
        await poll.StartAsync();
        await poll.PassUntilAsync(() => poll.Poll.Current[0].Reachable);
        ollama.Holds(Model("a:1b"));
        await poll.PassUntilAsync(() => poll.Changes.Count == 1);
        ollama.Holds();
        await poll.PassUntilAsync(() => poll.Changes.Count == 2);
        await poll.PassUntilAsync(() => poll.Activities.Count > 5);
        Assert.Equal([ResidencyChange.Loaded, ResidencyChange.Unloaded], poll.Changes.Select(change => change.Change));
    }

    [Fact]
    public async Task Without_model_servers_nothing_is_asked_and_nothing_is_sent()
    {
        await using var poll = new PollFixture(Nothing);
        await poll.StartAsync();
        poll.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(poll.Poll.Current);
        await poll.StopAsync();
        Assert.Empty(poll.Activities);
        Assert.Equal(0, poll.Clock.PendingTimerCount);
    }

    [Fact]
    public async Task What_servers_do_is_sent_every_second_while_requests_are_under_way_else_with_the_heartbeat()
    {
        await using var ollama = (await ModelServerDouble.StartAsync()).Holds();
        await using var poll = new PollFixture(("Ollama:Upstream", $"{ollama.Address}"), ("Sampling:HostInterval", "00:00:20"), ("Ollama:PollInterval", "00:10:00"));
        await poll.StartAsync();
        await poll.PassUntilAsync(() => poll.Activities.Any(activity => activity.Servers[0].Reachable));
        var idle = poll.Activities.Count;
        await poll.PassUntilAsync(() => poll.Activities.Count >= idle + 3);
        var quiet = poll.Activities.Skip(idle).Select(activity => activity.SampledAt).ToList();
        Assert.True(quiet[2] - quiet[0] >= TimeSpan.FromSeconds(38), $"{quiet[0]:O} to {quiet[2]:O}");

        var request = poll.Begin("a:1b");
        await poll.PassUntilAsync(() => poll.Activities.Count(activity => activity.InFlightCount == 1) >= 4);
        var busy = poll.Activities.Where(activity => activity.InFlightCount == 1).ToList();
        Assert.Equal((request.Id, "a:1b", "desk"), (busy[0].InFlight[0].RequestId, busy[0].InFlight[0].Model, busy[0].NodeId));
        Assert.True(busy[3].SampledAt - busy[0].SampledAt is var took && took >= TimeSpan.FromSeconds(3) && took < TimeSpan.FromSeconds(50), $"{took}");
        poll.Requests.End(request, LlmOutcome.Ok, null);
        await poll.PassUntilAsync(() => poll.Activities.Last().InFlightCount == 0);
    }

    [Fact]
    public async Task The_oldest_two_hundred_requests_are_shown_and_all_are_counted()
    {
        await using var poll = new PollFixture();
        var first = poll.Begin("a:1b");
        for (var i = 0; i < 250; i++)
        {
            poll.Clock.Advance(TimeSpan.FromMilliseconds(1));
            poll.Begin("a:1b");
        }
        await poll.StartAsync();
        await poll.PassUntilAsync(() => !poll.Activities.IsEmpty);
        Assert.True(poll.Activities.TryPeek(out var activity));
        Assert.Equal((200, 251, first.Id), (activity.InFlight.Count, activity.InFlightCount, activity.InFlight[0].RequestId));
    }
}
