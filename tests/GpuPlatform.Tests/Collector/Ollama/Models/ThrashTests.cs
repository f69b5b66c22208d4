using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Collector.Ollama.Models.ModelServerDouble;

namespace GpuPlatform.Tests.Collector.Ollama.Models;

public sealed class ThrashTests
{
    [Fact]
    public async Task Contexts_that_differ_among_requests_are_found_though_the_list_shows_nothing_and_told_once_an_episode()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("llama3:latest"));
        await ollama.LookAsync();
        var told = new List<ModelResidencyChanged>();
        for (var i = 0; i < 8; i++)
        {
            var request = ollama.Begin("llama3", context: i % 2 == 0 ? 4096 : 8192);
            ollama.Clock.Advance(TimeSpan.FromSeconds(5));
            ollama.End(request, loadSeconds: 4);
            told.AddRange(await ollama.LookAsync());
        }
        var change = Assert.Single(told);
        Assert.Equal((ResidencyChange.Thrashing, "llama3:latest", 4000, 4096), (change.Change, change.Model, change.LoadMs, change.ContextLength));
        Assert.Equal("llama3:latest was loaded 3 times within 10 minutes: requests for it ask for context 4096 and 8192 in turn", change.Reason);
        Assert.Equal(change.Reason, ollama.Watch.Seen.Problem);
        Assert.Equal([change.Reason!], ollama.Watch.Thrashing);

        Assert.Empty(await ollama.LookAsync(afterSeconds: 601));
        Assert.Empty(ollama.Watch.Thrashing);
        Assert.Null(ollama.Watch.Seen.Problem);
    }

    [Fact]
    public async Task Requests_that_waited_for_one_load_are_one_load()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        await ollama.LookAsync();
        var first = ollama.Begin("llama3");
        ollama.Clock.Advance(TimeSpan.FromSeconds(2));
        var second = ollama.Begin("llama3");
        ollama.Server.Holds(Model("llama3:latest"));
        await ollama.LookAsync();
        var third = ollama.Begin("llama3");
        ollama.Clock.Advance(TimeSpan.FromSeconds(60));
        // Let go together, ten seconds after the first had come
        ollama.End(third, loadSeconds: 3);
        ollama.End(first, loadSeconds: 10);
        ollama.End(second, loadSeconds: 8);
        Assert.Equal([ResidencyChange.Loaded], (await ollama.LookAsync()).Select(change => change.Change));
        Assert.Empty(ollama.Watch.Thrashing);
    }

    [Fact]
    public async Task Two_models_that_take_turns_are_both_named()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        await ollama.LookAsync();
        var told = new List<ModelResidencyChanged>();
        for (var i = 0; i < 7; i++)
        {
            ollama.Server.Holds(Model(i % 2 == 0 ? "a:7b" : "b:7b"));
            told.AddRange(await ollama.LookAsync(20));
        }
        var thrashing = told.Where(change => change.Change == ResidencyChange.Thrashing).ToList();
        Assert.Equal(["a:7b", "b:7b"], thrashing.Select(change => change.Model));
        Assert.Equal("a:7b was loaded 3 times within 10 minutes: it takes turns with b:7b, and there is no room for all of them", thrashing[0].Reason);
        Assert.Equal(7, told.Count(change => change.Change == ResidencyChange.Loaded) + 1);
    }

    [Fact]
    public async Task A_model_that_is_kept_too_short_is_told_as_such()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        await ollama.LookAsync();
        var told = new List<ModelResidencyChanged>();
        for (var i = 0; i < 3; i++)
        {
            ollama.Server.Holds(Model("a:7b", expires: $"{ollama.Clock.GetUtcNow().AddSeconds(8):O}"));
            told.AddRange(await ollama.LookAsync());
            ollama.Server.Holds();
            told.AddRange(await ollama.LookAsync(30));
        }
        Assert.Equal("a:7b was loaded 3 times within 10 minutes: its time in memory (keep_alive) is over before it is asked for again",
            Assert.Single(told, change => change.Change == ResidencyChange.Thrashing).Reason);
    }

    [Fact]
    public async Task Warm_requests_and_loads_that_are_far_apart_are_no_thrashing()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("a:7b"));
        await ollama.LookAsync();
        for (var i = 0; i < 200; i++) ollama.End(ollama.Begin("a:7b", context: 4096 * (i % 3)), loadSeconds: 0.01);
        Assert.Empty(await ollama.LookAsync());
        for (var i = 0; i < 6; i++)
        {
            ollama.End(ollama.Begin("a:7b"), loadSeconds: 5);
            Assert.Empty(await ollama.LookAsync(afterSeconds: 301));
        }
        Assert.Empty(ollama.Watch.Thrashing);
    }

    [Fact]
    public async Task A_small_model_is_known_to_load_by_how_quick_it_is_when_warm()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("tiny:latest"));
        await ollama.LookAsync();
        ollama.End(ollama.Begin("tiny"), loadSeconds: 0.02);
        for (var i = 0; i < 3; i++)
        {
            ollama.Clock.Advance(TimeSpan.FromSeconds(10));
            ollama.End(ollama.Begin("tiny"), loadSeconds: 0.6);
        }
        Assert.Equal(ResidencyChange.Thrashing, Assert.Single(await ollama.LookAsync()).Change);
    }

    [Fact]
    public async Task A_flood_of_invented_models_is_bounded()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        await ollama.LookAsync();
        for (var i = 0; i < 20_000; i++) ollama.End(ollama.Begin($"model{i}"), loadSeconds: 2);
        Assert.Empty(await ollama.LookAsync());
    }
}
