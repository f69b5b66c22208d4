using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Collector.Ollama.Models.ModelServerDouble;

namespace GpuPlatform.Tests.Collector.Ollama.Models;

public sealed class ResidencyTests
{
    [Fact]
    public async Task What_is_there_at_the_first_look_has_not_come_and_nobody_knows_since_when()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("llama3:8b"));
        Assert.Empty(await ollama.LookAsync());
        Assert.Empty(await ollama.LookAsync());
        var model = Assert.Single(ollama.Watch.Seen.Resident);
        Assert.Equal(("llama3:8b", 4_000_000_000, 2_000_000_000, 4096, null), (model.Name, model.SizeBytes, model.VramBytes, model.ContextLength, model.LoadedAt));
        Assert.Equal(("llama", "3.2B", "Q4_K_M", null, false), (model.Family, model.ParameterSize, model.Quantization, model.ExpiresAt, model.Stopping));
        Assert.Equal((true, null, "0.11.4"), (ollama.Watch.Seen.Reachable, ollama.Watch.Seen.Problem, ollama.Watch.Seen.Version));
    }

    [Fact]
    public async Task A_load_that_no_request_waited_for_is_told_once_without_its_time()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        await ollama.LookAsync();
        ollama.Server.Holds(Model("llama3:8b"));
        var told = await ollama.LookAsync();
        var seenAt = ollama.Clock.GetUtcNow();
        for (var i = 0; i < 4; i++) told.AddRange(await ollama.LookAsync());
        var change = Assert.Single(told);
        Assert.Equal((ResidencyChange.Loaded, "desk", "ollama", "llama3:8b"), (change.Change, change.NodeId, change.Server, change.Model));
        Assert.Equal((seenAt, 4_000_000_000, 2_000_000_000, 4096, null), (change.ChangedAt, change.SizeBytes, change.VramBytes, change.ContextLength, change.LoadMs));
        Assert.Equal(seenAt, Assert.Single(ollama.Watch.Seen.Resident).LoadedAt);
    }

    [Fact]
    public async Task A_load_that_a_request_waited_for_is_told_with_its_time_when_that_is_known()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        await ollama.LookAsync();
        var request = ollama.Begin("llama3");
        ollama.Server.Holds(Model("llama3:latest"));
        for (var i = 0; i < 4; i++) Assert.Empty(await ollama.LookAsync());
        ollama.End(request, loadSeconds: 3.5);
        Assert.True(ollama.Watch.WantsLook);
        var change = Assert.Single(await ollama.LookAsync());
        Assert.Equal((ResidencyChange.Loaded, 3500), (change.Change, change.LoadMs));
        Assert.Equal(3500, Assert.Single(ollama.Watch.Seen.Resident).LoadMs);
        Assert.False(ollama.Watch.WantsLook);
        Assert.Empty(await ollama.LookAsync());
    }

    [Fact]
    public async Task The_news_of_a_load_does_not_wait_for_ever_and_comes_before_that_of_the_unload()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        await ollama.LookAsync();
        ollama.Begin("slow");
        ollama.Begin("brief");
        ollama.Server.Holds(Model("slow:latest"), Model("brief:latest"));
        Assert.Empty(await ollama.LookAsync());
        ollama.Server.Holds(Model("slow:latest"));
        Assert.Equal(["Loaded brief:latest", "Unloaded brief:latest"], Words(await ollama.LookAsync()));
        Assert.Equal(["Loaded slow:latest"], Words(await ollama.LookAsync(afterSeconds: 120)));
    }

    [Fact]
    public async Task News_that_wait_are_told_at_the_end()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        await ollama.LookAsync();
        ollama.Begin("llama3");
        ollama.Server.Holds(Model("llama3:latest"));
        await ollama.LookAsync();
        Assert.Equal(["Loaded llama3:latest"], Words(ollama.Watch.Close()));
        Assert.Empty(ollama.Watch.Close());
    }

    [Fact]
    public async Task An_unload_tells_how_long_the_model_was_there_and_why_it_went()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("old:1b"));
        await ollama.LookAsync();
        var expires = ollama.Clock.GetUtcNow().AddSeconds(18);
        ollama.Server.Holds(Model("old:1b"), Model("a:1b", expires: $"{expires:O}"));
        await ollama.LookAsync();
        await ollama.LookAsync();
        ollama.Server.Holds();
        var gone = (await ollama.LookAsync(10)).Where(change => change.Change == ResidencyChange.Unloaded).OrderBy(change => change.Model).ToList();
        Assert.Equal(("a:1b", 15_000, "its time (keep_alive) was over"), (gone[0].Model, gone[0].ResidentMs, gone[0].Reason));
        Assert.Equal(("old:1b", null, null), (gone[1].Model, gone[1].ResidentMs, gone[1].Reason));
        Assert.Equal(4_000_000_000, gone[1].SizeBytes);
    }

    [Fact]
    public async Task An_unload_for_another_model_and_one_that_was_asked_for_say_so()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("a:1b"));
        await ollama.LookAsync();
        ollama.Server.Holds(Model("b:1b"));
        Assert.Equal("to make room for b:1b", Assert.Single(await ollama.LookAsync()).Reason);
        ollama.End(ollama.Begin("b:1b"), 0, finish: "unload");
        Assert.True(ollama.Watch.WantsLook);
        ollama.Server.Holds();
        Assert.Contains(await ollama.LookAsync(), change => change is { Change: ResidencyChange.Unloaded, Model: "b:1b", Reason: "a request unloaded it" });
    }

    [Fact]
    public async Task A_model_with_another_context_was_loaded_anew()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("a:1b", context: 4096));
        await ollama.LookAsync();
        ollama.Server.Holds(Model("a:1b", context: 8192));
        var told = await ollama.LookAsync();
        told.AddRange(await ollama.LookAsync());
        Assert.Equal(["Unloaded a:1b", "Loaded a:1b"], Words(told));
        Assert.Equal("to be loaded again with context 8192 instead of 4096", told[0].Reason);
        Assert.Equal((4096, 8192), (told[0].ContextLength, told[1].ContextLength));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_has_not_unloaded_and_what_is_gone_when_it_is_back_has_left_then()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("a:1b"), Model("b:1b"));
        await ollama.LookAsync();
        ollama.Server.IsAway = true;
        for (var i = 0; i < 3; i++) Assert.Empty(await ollama.LookAsync());
        Assert.Equal((false, 3), (ollama.Watch.Seen.Reachable, ollama.Watch.FailureCount));
        Assert.StartsWith("ollama does not answer: ", ollama.Watch.Seen.Problem, StringComparison.Ordinal);
        Assert.Empty(ollama.Watch.Seen.Resident);
        ollama.Server.IsAway = false;
        ollama.Server.Holds(Model("a:1b"));
        var change = Assert.Single(await ollama.LookAsync());
        Assert.Equal(("Unloaded b:1b", "ollama was out of reach for 15 s and is back without it"), (Words([change])[0], change.Reason));
        Assert.Equal((true, null, 0), (ollama.Watch.Seen.Reachable, ollama.Watch.Seen.Problem, ollama.Watch.FailureCount));
        Assert.Empty(await ollama.LookAsync());
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_line_of_information()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.IsAway = true;
        for (var i = 0; i < 5; i++) await ollama.LookAsync();
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Information, Assert.Single(ollama.Logger.Lines).Level);
    }

    [Fact]
    public async Task Names_that_differ_in_case_or_in_the_tag_alone_are_one_model()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("Llama3"), Model("llama3:latest"));
        await ollama.LookAsync();
        Assert.Equal("Llama3", Assert.Single(ollama.Watch.Seen.Resident).Name);
    }

    private static List<string> Words(IEnumerable<ModelResidencyChanged> changes) => [.. changes.Select(change => $"{change.Change} {change.Model}")];
}
