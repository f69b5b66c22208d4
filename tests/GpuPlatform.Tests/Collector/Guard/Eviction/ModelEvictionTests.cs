using System.Text;
using GpuPlatform.Collector.Guard.Eviction;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Tests.Collector.Ollama.Models;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Tests.Doubles.Ollama;
using Microsoft.AspNetCore.Http;

namespace GpuPlatform.Tests.Collector.Guard.Eviction;

public sealed class ModelEvictionTests : IDisposable
{
    private readonly ModelEviction _eviction = new(TimeProvider.System);
    private readonly HttpClient _client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _eviction.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task Models_of_ollama_leave_and_come_back_those_that_only_embed_too()
    {
        await using var ollama = await OllamaAsync();
        ollama.Models.Put(new OllamaModel("embedder") { Capabilities = ["embedding"] });
        var server = Server(ModelServer.Ollama, ollama.Address);
        Assert.Equal([], (await _eviction.LookAsync(server, Cancellation)).Resident);

        Assert.Null(await _eviction.WarmAsync(server, ["chatter", "embedder"], Cancellation));
        Assert.Equal(["chatter:latest", "embedder:latest"], (await _eviction.LookAsync(server, Cancellation)).Resident!.Order());
        Assert.DoesNotContain(ollama.Requests, request => Encoding.UTF8.GetString(request.Body).Contains("keep_alive", StringComparison.Ordinal));

        Assert.Null(await _eviction.UnloadAsync(server, ["chatter:latest", "embedder:latest", "never-heard-of"], Cancellation));
        Assert.Equal([], (await _eviction.LookAsync(server, Cancellation)).Resident);
        Assert.Contains(ollama.Requests, request => Encoding.UTF8.GetString(request.Body) == """{"model":"chatter:latest","keep_alive":0,"stream":false}""");
    }

    [Fact]
    public async Task A_model_in_use_leaves_when_it_is_used_no_more_and_one_in_main_memory_is_in_nobodys_way()
    {
        await using var ollama = await OllamaAsync();
        ollama.Models.Put(new OllamaModel("cpu") { VramBytes = 0 });
        ollama.Models.Put(new OllamaModel("endless") { Reply = new ReplyScript { Break = StreamBreak.Silence } });
        var server = Server("second", ollama.Address);
        await _eviction.WarmAsync(server, ["cpu"], Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(ollama.Address, "/api/generate")) { Content = new StringContent("""{"model":"endless","prompt":"x"}""") };
        var reply = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Assert.Null(await _eviction.UnloadAsync(server, ["endless:latest"], Cancellation));
        Assert.Equal(["endless:latest"], (await _eviction.LookAsync(server, Cancellation)).Resident);
        reply.Dispose();

        await Until.True(() => ollama.Models.Residents().Count == 1);
        Assert.Equal([], (await _eviction.LookAsync(server, Cancellation)).Resident);
    }

    [Fact]
    public async Task Llama_swap_is_told_by_its_api_and_an_older_one_by_its_path()
    {
        await using var swap = await ModelServerDouble.StartAsync();
        swap.Says("/v1/models", """{"data":[{"id":"a","owned_by":"llama-swap"}]}""").Says("/running", """{"running":[{"model":"a","state":"ready"}]}""")
            .Says("/unload", "OK").Says("/upstream/org/a%20b/health", "ok");
        var server = Server("swap", swap.Address);
        Assert.Equal(["a"], (await _eviction.LookAsync(server, Cancellation)).Resident);
        Assert.Null(await _eviction.UnloadAsync(server, ["a"], Cancellation));
        Assert.Equal(["/api/models/unload", "/unload"], swap.Asked.Where(path => path.EndsWith("unload", StringComparison.Ordinal)));
        swap.Says("/api/models/unload", """{"msg":"ok"}""");
        Assert.Null(await _eviction.UnloadAsync(server, ["a"], Cancellation));
        Assert.Single(swap.Asked, path => path == "/unload");
        Assert.Null(await _eviction.WarmAsync(server, ["org/a b"], Cancellation));
    }

    [Fact]
    public async Task Vllm_sleeps_and_wakes_and_one_that_cannot_says_how()
    {
        await using var vllm = await ModelServerDouble.StartAsync();
        vllm.Says("/v1/models", """{"data":[{"id":"q","owned_by":"vllm"}]}""");
        var server = Server("vllm", vllm.Address);
        Assert.Equal(["q"], (await _eviction.LookAsync(server, Cancellation)).Resident);
        Assert.Equal("vllm: this vLLM cannot be told to free the GPU; start it with --enable-sleep-mode and VLLM_SERVER_DEV_MODE=1", await _eviction.UnloadAsync(server, ["q"], Cancellation));
        var asked = "";
        vllm.Does("/sleep", http =>
        {
            asked = http.Request.Method + http.Request.QueryString;
            return Task.CompletedTask;
        }).Says("/is_sleeping", """{"is_sleeping":true}""").Says("/wake_up", "");
        Assert.Null(await _eviction.UnloadAsync(server, ["q"], Cancellation));
        Assert.Equal("POST?level=1", asked);
        Assert.Equal([], (await _eviction.LookAsync(server, Cancellation)).Resident);
        Assert.Null(await _eviction.WarmAsync(server, ["q"], Cancellation));
    }

    [Fact]
    public async Task A_router_of_llama_cpp_unloads_by_name_and_a_server_with_one_model_cannot()
    {
        await using var llama = await ModelServerDouble.StartAsync();
        var bodies = new List<string>();
        llama.Says("/v1/models", """{"data":[{"id":"a","owned_by":"llamacpp","status":{"value":"loaded"}},{"id":"b","owned_by":"llamacpp","status":{"value":"unloaded"}}]}""")
            .Does("/models/unload", async http =>
            {
                using var reader = new StreamReader(http.Request.Body);
                bodies.Add(await reader.ReadToEndAsync());
                http.Response.StatusCode = bodies.Count == 1 ? 200 : 400;
            }).Says("/models/load", """{"error":{"message":"out of\nmemory"}}""", 500);
        var server = Server("llama", llama.Address);
        Assert.Equal(["a"], (await _eviction.LookAsync(server, Cancellation)).Resident);
        Assert.Null(await _eviction.UnloadAsync(server, ["a"], Cancellation));
        Assert.Null(await _eviction.UnloadAsync(server, ["a"], Cancellation));
        Assert.Equal("""{"model":"a"}""", bodies[0]);
        Assert.Equal("llama: /models/load was answered with status 500: out of memory", await _eviction.WarmAsync(server, ["a"], Cancellation));

        llama.Says("/v1/models", """{"data":[{"id":"a","owned_by":"llamacpp"}]}""");
        Assert.Contains("was started with its model and keeps it", await _eviction.UnloadAsync(server, ["a"], Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lm_studio_is_told_by_instance_and_its_errors_with_status_200_are_errors()
    {
        await using var studio = await ModelServerDouble.StartAsync();
        studio.Says("/v1/models", """{"data":[{"id":"q"}]}""").Says("/api/v0/models", """{"data":[{"id":"q","state":"loaded"}]}""")
            .Says("/api/v1/models/unload", """{"error":"Unexpected endpoint or method."}""");
        var server = Server("studio", studio.Address);
        Assert.Equal(["q"], (await _eviction.LookAsync(server, Cancellation)).Resident);
        Assert.Equal("studio: /api/v1/models/unload was answered with an error: Unexpected endpoint or method.", await _eviction.UnloadAsync(server, ["q"], Cancellation));
        studio.Says("/api/v1/models/unload", """{"instance_id":"q"}""");
        Assert.Null(await _eviction.UnloadAsync(server, ["q"], Cancellation));
    }

    [Fact]
    public async Task A_server_of_another_kind_cannot_be_told_and_says_nothing_of_its_memory()
    {
        await using var other = await ModelServerDouble.StartAsync();
        other.Says("/v1/models", """{"data":[{"id":"m"}]}""");
        var server = Server("other", other.Address);
        Assert.Equal((null, "other does not say which models it has in memory"), ((await _eviction.LookAsync(server, Cancellation)).Resident, (await _eviction.LookAsync(server, Cancellation)).Problem));
        Assert.StartsWith("other: its models cannot be told to leave", await _eviction.UnloadAsync(server, ["m"], Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_or_answers_nonsense_is_a_problem_in_words()
    {
        Assert.Equal("ollama: nothing listens there", (await _eviction.LookAsync(Server(ModelServer.Ollama, new Uri("http://127.0.0.1:1")), Cancellation)).Problem);
        await using var odd = await ModelServerDouble.StartAsync();
        odd.Says("/api/ps", """{"models":7}""").Says("/v1/models", "<html>");
        var server = Server("odd", odd.Address);
        Assert.Equal("odd: /api/ps was answered with 'models' that is no list", (await _eviction.LookAsync(server, Cancellation)).Problem);
        odd.IsAway = true;
        Assert.NotNull(await _eviction.UnloadAsync(server, ["m"], Cancellation));
    }

    private static async Task<OllamaDouble> OllamaAsync()
    {
        var ollama = await OllamaDouble.StartAsync();
        ollama.Models.Put(new OllamaModel("chatter"));
        return ollama;
    }

    private static ModelServer Server(string name, Uri upstream) => new(name, new Uri("http://127.0.0.1:1"), upstream);
}
