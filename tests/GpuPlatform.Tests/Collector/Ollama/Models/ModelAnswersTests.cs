using GpuPlatform.Tests.Doubles;
using Microsoft.AspNetCore.Http;
using static GpuPlatform.Tests.Collector.Ollama.Models.ModelServerDouble;

namespace GpuPlatform.Tests.Collector.Ollama.Models;

public sealed class ModelAnswersTests
{
    [Theory]
    [InlineData("", "was not answered with JSON")]
    [InlineData("<html>", "was not answered with JSON")]
    [InlineData("[]", "was answered without 'models'")]
    [InlineData("{}", "was answered without 'models'")]
    [InlineData("""{"models":"none"}""", "was answered with 'models' that is no list")]
    [InlineData("""{"models":[""", "was not answered with JSON")]
    public async Task An_answer_of_another_form_is_a_problem_in_words_and_no_unload(string answer, string words)
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("a:1b"));
        await ollama.LookAsync();
        ollama.Server.Says("/api/ps", answer);
        Assert.Empty(await ollama.LookAsync());
        Assert.Equal((true, $"ollama answers, but not as it should: /api/ps {words}"), (ollama.Watch.Seen.Reachable, ollama.Watch.Seen.Problem));
        ollama.Server.Holds(Model("a:1b"));
        Assert.Empty(await ollama.LookAsync());
        Assert.Null(ollama.Watch.Seen.Problem);
    }

    [Theory]
    [InlineData(500, "was answered with status 500")]
    [InlineData(302, "was answered with status 302")]
    [InlineData(401, "was refused with status 401: its models are not known")]
    public async Task An_error_is_a_problem_in_words(int status, string words)
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Says("/api/ps", """{"models":[]}""", status);
        Assert.Empty(await ollama.LookAsync());
        Assert.Equal($"ollama answers, but not as it should: /api/ps {words}", ollama.Watch.Seen.Problem);
    }

    [Fact]
    public async Task Members_of_another_form_are_null_and_said_once()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(
            """{"name":"a:1b","size":"4 GB","size_vram":-1,"context_length":1e99,"expires_at":"tomorrow","details":[],"digest":7}""",
            """{"name":"b:1b","size":99999999999999999999,"size_vram":null,"context_length":0,"expires_at":"0001-01-01T00:00:00Z","details":{"family":{}}}""",
            """{"name":""}""", """{"name":["x"]}""", "\"c\"", "null", """{"name":"\ud800"}""");
        await ollama.LookAsync();
        await ollama.LookAsync();
        Assert.Equal(["a:1b", "b:1b"], ollama.Watch.Seen.Resident.Select(model => model.Name));
        Assert.All(ollama.Watch.Seen.Resident, model => Assert.Equal((null, null, null, null, null, false),
            (model.SizeBytes, model.VramBytes, model.ContextLength, model.ExpiresAt, model.Family, model.Stopping)));
        var said = ollama.Logger.Lines.Select(line => line.Text).Where(text => text.Contains("not understood", StringComparison.Ordinal)).ToList();
        Assert.Distinct(said);
        Assert.Contains(said, text => text.StartsWith("size at /api/ps of model server ollama", StringComparison.Ordinal));
        Assert.Contains(said, text => text.StartsWith("models at /api/ps", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_gpu_memory_than_there_is_memory_is_all_of_it()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds("""{"name":"a:1b","size":10,"size_vram":20}""");
        await ollama.LookAsync();
        Assert.Equal(10, Assert.Single(ollama.Watch.Seen.Resident).VramBytes);
    }

    [Fact]
    public async Task A_model_whose_time_has_passed_is_stopping()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Holds(Model("a:1b", expires: "2026-01-15T11:59:00.123456789+00:00"));
        await ollama.LookAsync();
        Assert.True(Assert.Single(ollama.Watch.Seen.Resident).Stopping);
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        var piece = new byte[1 << 20];
        ollama.Server.Does("/api/ps", async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(piece, http.RequestAborted);
        });
        Assert.Empty(await ollama.LookAsync());
        Assert.Equal("ollama answers, but not as it should: /api/ps was answered with more than 8 MiB", ollama.Watch.Seen.Problem);
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up_after_ten_seconds()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Does("/api/ps", http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        var look = ollama.LookAsync();
        await Until.True(() => ollama.Server.Asked.Count == 1);
        ollama.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(look.IsCompleted);
        ollama.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await look);
        Assert.Equal("ollama does not answer: /api/ps was not answered within 10 s", ollama.Watch.Seen.Problem);
    }

    [Fact]
    public async Task Models_on_disk_are_asked_for_every_minute_and_the_version_when_the_server_is_back()
    {
        await using var ollama = await WatchFixture.OllamaAsync();
        ollama.Server.Says("/api/tags", """{"models":[{"name":"a:1b","size":5,"details":{"family":"llama"}},{"name":"x:cloud","remote_host":"https://example.com:443"}]}""");
        for (var i = 0; i < 13; i++) await ollama.LookAsync();
        Assert.Equal((13, 2, 1), (Asked("/api/ps"), Asked("/api/tags"), Asked("/api/version")));
        Assert.Equal([("a:1b", 5L, "llama", false), ("x:cloud", null, null, true)],
            ollama.Watch.Seen.Available!.Select(model => (model.Name, model.SizeBytes, model.Family, model.Remote)));
        ollama.Server.IsAway = true;
        await ollama.LookAsync();
        ollama.Server.IsAway = false;
        ollama.Server.Says("/api/version", """{"version":"0.12"}""").Says("/api/tags", "", StatusCodes.Status500InternalServerError);
        await ollama.LookAsync();
        Assert.Equal(("0.12", null, true), (ollama.Watch.Seen.Version, ollama.Watch.Seen.Available, ollama.Watch.Seen.Reachable));

        int Asked(string path) => ollama.Server.Asked.Count(asked => asked == path);
    }
}
