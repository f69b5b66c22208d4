using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.LlmSnapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class ConnectLinesTests
{
    [Fact]
    public void Every_kind_of_client_gets_a_line_with_the_real_address()
    {
        var lines = ConnectLines.Of(Ollama with { Address = "http://127.0.0.1:4711", Available = [new AvailableModel { Name = "qwen3:8b" }] }).Select(line => line.Line).ToList();

        Assert.Contains("OLLAMA_HOST=127.0.0.1:4711 ollama run qwen3:8b", lines);
        Assert.Contains("OLLAMA_BASE_URL=http://127.0.0.1:4711", lines);
        Assert.Contains(lines, line => line.Contains("base_url=\"http://127.0.0.1:4711/v1\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Anthropic(base_url=\"http://127.0.0.1:4711\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x; rm -rf ~")]
    [InlineData("$(id)")]
    [InlineData("-help")]
    [InlineData("a\nb")]
    public void A_name_that_a_shell_could_take_for_more_is_not_put_into_its_line(string name)
    {
        var lines = ConnectLines.Of(Ollama with { Resident = [new ResidentModel { Name = name }] });

        Assert.Equal("OLLAMA_HOST=127.0.0.1:11435 ollama run llama3.2", lines[0].Line);
    }

    [Fact]
    public void A_model_that_runs_elsewhere_is_not_the_example()
    {
        var lines = ConnectLines.Of(Ollama with { Available = [new AvailableModel { Name = "gpt-oss:120b-cloud", Remote = true }, new AvailableModel { Name = "qwen3:8b" }] });

        Assert.EndsWith("qwen3:8b", lines[0].Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not an address")]
    [InlineData("javascript:alert(1)")]
    public void Without_an_address_there_is_nothing_to_copy(string? address) => Assert.Empty(ConnectLines.Of(Ollama with { Address = address }));

    [Fact]
    public void An_ollama_may_have_any_name() =>
        Assert.StartsWith("OLLAMA_HOST=", ConnectLines.Of(Ollama with { Name = "second-gpu", Kind = LlmServer.Ollama })[0].Line, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://0.0.0.0:11435")]
    [InlineData("http://[::]:11435")]
    public void An_address_to_listen_on_becomes_one_to_call(string address) =>
        Assert.StartsWith("OLLAMA_HOST=127.0.0.1:11435 ", ConnectLines.Of(Ollama with { Address = address })[0].Line, StringComparison.Ordinal);

    [Theory]
    [InlineData("not-ollama", "vllm")]
    [InlineData("vllm", null)]
    public void Other_servers_are_asked_in_the_api_that_all_of_them_speak_whatever_they_are_called(string name, string? kind) =>
        Assert.All(ConnectLines.Of(Ollama with { Name = name, Kind = kind }), line => Assert.Contains("/v1\"", line.Line, StringComparison.Ordinal));
}
