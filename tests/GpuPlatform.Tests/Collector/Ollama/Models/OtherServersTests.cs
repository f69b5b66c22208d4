using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Collector.Ollama.Models.ModelServerDouble;

namespace GpuPlatform.Tests.Collector.Ollama.Models;

public sealed class OtherServersTests
{
    private const string VllmMetrics = """
        # HELP vllm:num_requests_running Number of requests in model execution batches.
        # TYPE vllm:num_requests_running gauge
        vllm:num_requests_running{engine="0",model_name="Qwen/Qwen3-8B"} 3.0
        vllm:num_requests_running{engine="1",model_name="a } b"} 2.0
        vllm:num_requests_waiting{engine="0"} 7 1700000000000
        vllm:num_requests_waiting_by_reason{engine="0"} 99
        vllm:kv_cache_usage_perc{engine="0"} 0.25
        vllm:kv_cache_usage_perc{engine="1"} 0.5
        """;

    [Fact]
    public async Task Vllm_has_all_its_models_in_memory_and_says_how_much_it_has_to_do()
    {
        await using var other = await WatchFixture.OtherAsync();
        other.Server.Says("/v1/models", """{"object":"list","data":[{"id":"Qwen/Qwen3-8B","owned_by":"vllm","max_model_len":32768}]}""")
            .Says("/version", """{"version":"0.11.0"}""").Says("/metrics", VllmMetrics);
        Assert.Empty(await other.LookAsync());
        var seen = other.Watch.Seen;
        Assert.Equal((true, "vllm", "0.11.0", 5, 7, 50.0), (seen.Reachable, seen.Kind, seen.Version, seen.RequestsRunning, seen.RequestsWaiting, seen.CacheUsedPercent));
        Assert.Equal(("Qwen/Qwen3-8B", 32768, null), (Assert.Single(seen.Resident).Name, seen.Resident[0].ContextLength, seen.Resident[0].VramBytes));
        Assert.Equal("Qwen/Qwen3-8B", Assert.Single(seen.Available!).Name);
    }

    [Fact]
    public async Task Llama_cpp_is_asked_for_metrics_only_while_requests_are_under_way_and_not_woken_up()
    {
        await using var other = await WatchFixture.OtherAsync();
        other.Server.Says("/v1/models", """{"data":[{"id":"gemma","owned_by":"llamacpp","meta":{"size":77}}]}""")
            .Says("/props", """{"build_info":"b6700-abc","is_sleeping":false}""")
            .Says("/metrics", "llamacpp:requests_processing 1\nllamacpp:requests_deferred 2\n");
        await other.LookAsync();
        Assert.DoesNotContain("/metrics", other.Server.Asked);
        Assert.Equal(("b6700-abc", "gemma", 77L, null), (other.Watch.Seen.Version, other.Watch.Seen.Resident[0].Name, other.Watch.Seen.Available![0].SizeBytes, other.Watch.Seen.RequestsRunning));
        var request = other.Begin("gemma");
        await other.LookAsync();
        Assert.Equal((1, 2), (other.Watch.Seen.RequestsRunning, other.Watch.Seen.RequestsWaiting));
        other.End(request, 0);
        other.Server.Says("/props", """{"build_info":"b6700-abc","is_sleeping":true}""");
        Assert.Equal(ResidencyChange.Unloaded, Assert.Single(await other.LookAsync()).Change);
        Assert.Empty(other.Watch.Seen.Resident);
    }

    [Fact]
    public async Task A_router_of_llama_cpp_says_which_models_are_loaded()
    {
        await using var other = await WatchFixture.OtherAsync();
        other.Server.Says("/v1/models", """
            {"data":[{"id":"a","status":{"value":"loaded"}},{"id":"b","status":{"value":"unloaded"}},{"id":"c","status":{"value":"sleeping"}},{"id":"d","status":{"value":"loading"}}]}
            """);
        await other.LookAsync();
        Assert.Equal(["a", "d"], other.Watch.Seen.Resident.Select(model => model.Name));
        Assert.Equal(4, other.Watch.Seen.Available!.Count);
        Assert.Equal(["/api/ps", "/v1/models"], other.Server.Asked);
    }

    [Fact]
    public async Task Llama_swap_says_what_runs()
    {
        await using var other = await WatchFixture.OtherAsync();
        other.Server.Says("/v1/models", """{"data":[{"id":"a","owned_by":"llama-swap"},{"id":"b","owned_by":"llama-swap"}]}""").Says("/running", """{"running":[]}""");
        Assert.Empty(await other.LookAsync());
        other.Server.Says("/running", """{"running":[{"model":"b","state":"ready"},{"model":"a","state":"stopped"}]}""");
        await other.LookAsync();
        Assert.Equal(["b"], other.Watch.Seen.Resident.Select(model => model.Name));
        Assert.Equal(("b", ResidencyChange.Loaded), (await other.LookAsync()).Select(change => (change.Model, change.Change)).Single());
    }

    [Fact]
    public async Task Lm_studio_says_what_is_loaded_and_has_no_metrics()
    {
        await using var other = await WatchFixture.OtherAsync();
        other.Server.Says("/v1/models", """{"data":[{"id":"q","owned_by":"organization_owner"},{"id":"r","owned_by":"organization_owner"}]}""")
            .Says("/api/v0/models", """{"data":[{"id":"q","state":"loaded","arch":"qwen2","quantization":"4bit","loaded_context_length":8192},{"id":"r","state":"not-loaded"}]}""")
            .Says("/metrics", """{"error":"Unexpected endpoint or method. (GET /metrics)"}""");
        for (var i = 0; i < 3; i++) await other.LookAsync();
        var model = Assert.Single(other.Watch.Seen.Resident);
        Assert.Equal(("q", "qwen2", "4bit", 8192), (model.Name, model.Family, model.Quantization, model.ContextLength));
        Assert.Single(other.Server.Asked, path => path == "/metrics");
    }

    [Fact]
    public async Task A_server_of_an_unknown_kind_shows_its_models_and_says_nothing_of_memory()
    {
        await using var other = await WatchFixture.OtherAsync();
        other.Server.Says("/v1/models", """{"data":[{"id":"m"}]}""");
        await other.LookAsync();
        other.Server.Says("/v1/models", """{"data":[]}""");
        Assert.Empty(await other.LookAsync());
        Assert.Empty(other.Watch.Seen.Resident);
        Assert.Null(other.Watch.Seen.RequestsRunning);
        other.End(other.Begin("m"), loadSeconds: 3);
        await other.LookAsync();
        Assert.False(other.Watch.WantsLook);
    }

    [Fact]
    public async Task A_second_ollama_is_known_for_one()
    {
        await using var other = await WatchFixture.OtherAsync();
        other.Server.Holds(Model("a:1b"));
        await other.LookAsync();
        Assert.Equal(2_000_000_000, Assert.Single(other.Watch.Seen.Resident).VramBytes);
    }

    [Theory]
    [InlineData("off", null)]
    [InlineData("/own?format=prometheus", 4)]
    public async Task The_path_of_metrics_can_be_set(string path, int? running)
    {
        await using var other = await WatchFixture.OtherAsync(path);
        other.Server.Says("/v1/models", """{"data":[{"id":"gemma","owned_by":"llamacpp"}]}""").Says("/own", "llamacpp:requests_processing 4").Says("/metrics", "llamacpp:requests_processing 5");
        await other.LookAsync();
        Assert.Equal(running, other.Watch.Seen.RequestsRunning);
        Assert.DoesNotContain("/metrics", other.Server.Asked);
    }

    [Theory]
    [InlineData("vllm:num_requests_running NaN\nvllm:num_requests_waiting -1\nvllm:kv_cache_usage_perc 1.5")]
    [InlineData("vllm:num_requests_running{a=\"\nvllm:num_requests_running\nvllm:num_requests_running x\n{} 1\n\0\0\0")]
    [InlineData("vllm:num_requests_running 1e300\n")]
    public async Task Metrics_that_make_no_sense_are_no_figures(string page)
    {
        await using var other = await WatchFixture.OtherAsync();
        other.Server.Says("/v1/models", """{"data":[{"id":"m","owned_by":"vllm"}]}""").Says("/metrics", page);
        await other.LookAsync();
        Assert.Equal((true, null, null, null),
            (other.Watch.Seen.Reachable, other.Watch.Seen.RequestsRunning, other.Watch.Seen.RequestsWaiting, other.Watch.Seen.CacheUsedPercent));
    }
}
