using System.Net;
using System.Text;
using System.Text.Json;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Api;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Guard;

public sealed class GuardApiTests
{
    [Fact]
    public async Task A_gpu_is_given_away_and_taken_back_by_hand()
    {
        await using var host = await CollectorHost.StartAsync();
        await Until.True(() => Report(host).GetProperty("gpus").GetArrayLength() == 1);
        var (status, answer) = await PostAsync(host, Routes.GuardYield, """{"minutes":60,"reason":"film night"}""");
        var gpu = answer.GetProperty("gpus")[0];
        Assert.Equal((HttpStatusCode.OK, true), (status, gpu.GetProperty("manual").GetBoolean()));
        Assert.Equal("given away by hand: film night", gpu.GetProperty("reason").GetString());
        Assert.NotEqual(JsonValueKind.Null, gpu.GetProperty("manual_until").ValueKind);
        await Until.True(() => Report(host).GetProperty("gpus")[0].GetProperty("state").GetString() == "yielded");
        await PostAsync(host, Routes.GuardResume, "{}");
        await Until.True(() => Report(host).GetProperty("gpus")[0].GetProperty("state").GetString() == "serving");
    }

    [Theory]
    [InlineData("null", "body")]
    [InlineData("", "body")]
    [InlineData("{\"minutes\":0}", "minutes")]
    [InlineData("{\"minutes\":20000}", "minutes")]
    [InlineData("{\"minutes\":\"one\"}", "minutes")]
    [InlineData("{\"hours\":1}", "hours")]
    [InlineData("{\"reason\":\"\\u001b[2J\"}", "reason")]
    [InlineData("[]", "body")]
    [InlineData("{\"minutes\":[[[[]]]]}", "minutes")]
    [InlineData("{\"gpu_uuid\":\"GPU-z\"}", "gpu_uuid")]
    public async Task A_body_that_is_not_understood_is_refused_by_name(string body, string field)
    {
        await using var host = await CollectorHost.StartAsync();
        await Until.True(() => Report(host).GetProperty("gpus").GetArrayLength() == 1);
        var (status, problem) = await PostAsync(host, Routes.GuardYield, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
        Assert.Equal("serving", Report(host).GetProperty("gpus")[0].GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("text/plain", null, null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", "http://evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("application/json", null, "evil.example", HttpStatusCode.Forbidden)]
    public async Task A_page_elsewhere_cannot_give_it_away(string contentType, string? origin, string? hostName, HttpStatusCode expected)
    {
        await using var host = await CollectorHost.StartAsync();
        Assert.Equal(expected, (await PostAsync(host, Routes.GuardYield, "{}", contentType, origin, hostName)).Status);
    }

    [Fact]
    public async Task Another_type_and_another_method_are_told_what_is_accepted()
    {
        await using var host = await CollectorHost.StartAsync();
        var (_, type) = await PostAsync(host, Routes.GuardYield, "{}", "text/plain");
        using var answer = await host.Client.GetAsync(new Uri(Routes.GuardYield, UriKind.Relative));

        Assert.Equal("Content-Type is 'text/plain; charset=utf-8'; accepted is application/json.", type.GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("GET is not answered here; accepted is POST.", JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_command_line_asks_the_collector_that_runs()
    {
        await using var host = await CollectorHost.StartAsync();
        await Until.True(() => Report(host).GetProperty("gpus").GetArrayLength() == 1);
        var url = $"--urls={host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)}";
        Assert.Contains("given away by hand", await RunAsync(0, "yield", "30", url), StringComparison.Ordinal);
        Assert.Contains("GPU 0 (GPU-a) is", await RunAsync(0, "guard", url), StringComparison.Ordinal);
        Assert.DoesNotContain("given away", await RunAsync(0, "resume", url), StringComparison.Ordinal);
        Assert.Contains("given away by hand", await RunAsync(0, "yield", "1.5", "gpu-A", url), StringComparison.Ordinal);
        Assert.Contains("400: minutes: -1 is not accepted; accepted is a number above 0", await RunAsync(1, "yield", "-1", url), StringComparison.Ordinal);
        Assert.Contains("'GPU-z' is no GPU of this host", await RunAsync(1, "yield", "GPU-z", url), StringComparison.Ordinal);
        Assert.Contains("cannot be asked", await RunAsync(1, "guard", "--urls=http://127.0.0.1:1"), StringComparison.Ordinal);
        Assert.Null(GuardCommand.Find(["--print-config"]));
    }

    [Theory]
    [InlineData("yield", "soon")]
    [InlineData("yield", "NaN")]
    [InlineData("yield", "1,5")]
    [InlineData("yield", "90", "GPU-a", "GPU-b")]
    [InlineData("guard", "90")]
    [InlineData("resume", "--url=http://localhost:1")]
    [InlineData("resume", "--urls")]
    public async Task A_command_that_is_not_understood_asks_nobody(params string[] arguments) =>
        Assert.Contains("Expected is:\nGpuPlatform.Collector guard", (await RunAsync(2, arguments)).ReplaceLineEndings("\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("yield", "--help")]
    [InlineData("resume", "90", "-h")]
    public async Task Whoever_asks_for_help_gives_nothing_away(params string[] arguments) =>
        Assert.StartsWith("GpuPlatform.Collector guard", await RunAsync(0, arguments), StringComparison.Ordinal);

    private static async Task<string> RunAsync(int code, params string[] arguments)
    {
        await using var output = new StringWriter();
        Assert.Equal(code, await GuardCommand.Find(arguments)!.RunAsync(output, output));
        return output.ToString();
    }

    private static JsonElement Report(CollectorHost host) => host.JsonAsync(Routes.Guard).GetAwaiter().GetResult();

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(
        CollectorHost host, string path, string body, string contentType = "application/json", string? origin = null, string? hostName = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        request.Headers.Host = hostName;
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var answer = await host.Client.SendAsync(request);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }
}
