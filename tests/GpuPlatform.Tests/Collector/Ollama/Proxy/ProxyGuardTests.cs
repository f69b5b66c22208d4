using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Contracts;
using Microsoft.AspNetCore.Http;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

public sealed class ProxyGuardTests
{
    private const string Key = "sk-0123456789abcdef";

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:11435")]
    [InlineData("LOCALHOST")]
    [InlineData("my.localhost")]
    [InlineData("gpu.local:1")]
    [InlineData("host.docker.internal:11434")]
    [InlineData("127.0.0.1:11435")]
    [InlineData("127.9.9.9")]
    [InlineData("[::1]:11435")]
    [InlineData("[::ffff:127.0.0.1]:1")]
    [InlineData("0.0.0.0:11434")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.5:80")]
    [InlineData("[fd00::1]")]
    [InlineData("")]
    public void A_host_that_Ollama_accepts_is_accepted(string host) => Assert.Null(Admit(host).Status);

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example:11435")]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("[2001:db8::1]")]
    public void Any_other_host_is_refused_and_told_the_key(string host)
    {
        var admission = Admit(host);
        Assert.Equal(403, admission.Status);
        Assert.Contains("Ollama:AllowedHosts", admission.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpu.example.org", "gpu.example.org", true)]
    [InlineData("gpu.example.org", "GPU.example.org:11435", true)]
    [InlineData("a, .example.org", "x.y.example.org", true)]
    [InlineData(".example.org", "example.org", false)]
    [InlineData(".example.org", "badexample.org", false)]
    [InlineData("*", "whatever.it.is", true)]
    [InlineData("8.8.8.8", "8.8.8.8:1", true)]
    public void Further_hosts_are_those_configured(string allowed, string host, bool accepted) =>
        Assert.Equal(accepted, Admit(host, options => options.AllowedHosts = allowed).Status is null);

    [Theory]
    [InlineData("http://localhost", true)]
    [InlineData("https://localhost:3000", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("https://0.0.0.0", true)]
    [InlineData("app://obsidian.md", true)]
    [InlineData("vscode-webview://abc", true)]
    [InlineData("tauri://localhost", true)]
    [InlineData("http://gpu.local:11435", true)]
    [InlineData("null", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("http://evil.example", false)]
    [InlineData("chrome-extension://abc", false)]
    [InlineData("http://other.local", false)]
    public void An_origin_is_accepted_where_Ollama_accepts_it(string origin, bool accepted) =>
        Assert.Equal(accepted, Admit("gpu.local:11435", headers: [("Origin", origin)]).Status is null);

    [Theory]
    [InlineData("chrome-extension://*", "chrome-extension://abc", true)]
    [InlineData("https://*.example.org, http://x", "https://a.example.org", true)]
    [InlineData("https://*.example.org", "https://example.org", false)]
    [InlineData("https://a.org", "https://a.org:8443", false)]
    [InlineData("*", "null", true)]
    public void Further_origins_are_those_configured(string allowed, string origin, bool accepted) =>
        Assert.Equal(accepted, Admit("localhost", options => options.AllowedOrigins = allowed, [("Origin", origin)]).Status is null);

    [Fact]
    public void Several_origins_must_all_be_accepted() =>
        Assert.Equal(403, Admit("localhost", headers: [("Origin", "http://localhost"), ("Origin", "http://evil.example")]).Status);

    [Theory]
    [InlineData("Authorization", $"Bearer {Key}", true)]
    [InlineData("Authorization", $"bearer  {Key} ", true)]
    [InlineData("x-api-key", Key, true)]
    [InlineData("Authorization", Key, false)]
    [InlineData("Authorization", $"Bearer {Key}x", false)]
    [InlineData("x-api-key", "", false)]
    [InlineData("X-Other", Key, false)]
    public void Beyond_loopback_a_key_opens_and_the_host_does_not_matter(string header, string value, bool accepted)
    {
        var admission = Admit("anything.example", options => options.Keys["alice"] = Key, [(header, value)], "http://0.0.0.0:11435");
        Assert.Equal((accepted ? null : 401, accepted ? "alice" : null), (admission.Status, admission.KeyName));
    }

    [Fact]
    public void A_browser_may_ask_whether_it_may_ask_without_a_key()
    {
        (string, string)[] headers = [("Origin", "http://localhost"), ("Access-Control-Request-Method", "POST")];
        Assert.Null(Admit("x.example", options => options.Keys["alice"] = Key, headers, "http://0.0.0.0:1", "OPTIONS").Status);
        Assert.Equal(401, Admit("x.example", options => options.Keys["alice"] = Key, headers, "http://0.0.0.0:1").Status);
    }

    [Fact]
    public void On_loopback_a_key_names_the_client_and_none_is_needed()
    {
        Assert.Equal((null, "alice"), Known(Admit("localhost", options => options.Keys["alice"] = Key, [("x-api-key", Key)])));
        Assert.Equal((null, null), Known(Admit("localhost", options => options.Keys["alice"] = Key, [("x-api-key", "another-key-0123")])));

        static (int?, string?) Known(Admission admission) => (admission.Status, admission.KeyName);
    }

    [Theory]
    [InlineData("/api/chat", "{\"error\":\"Host is 'evil.example'")]
    [InlineData("/v1/chat/completions", "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Host is 'evil.example'")]
    [InlineData("/v1/messages", "{\"type\":\"error\",\"error\":{\"type\":\"permission_error\",\"message\":\"Host is 'evil.example'")]
    public async Task A_refusal_reaches_no_server_and_is_recorded(string path, string expected)
    {
        await using var upstream = TcpUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n\r\n{{}}");
        var text = await client.ReadUntilAsync(text => text.EndsWith('}'));

        Assert.StartsWith("HTTP/1.1 403", text, StringComparison.Ordinal);
        Assert.Contains(expected, text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(upstream.Heads);
        Assert.Equal(LlmOutcome.Refused, (await fixture.OnlyEndAsync()).End.Outcome);
    }

    [Fact]
    public async Task Our_key_stays_with_us_and_a_name_that_only_we_know_too()
    {
        await using var upstream = TcpUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address, options => (options.AllowedHosts, options.Keys) = ("gpu.example", new() { ["alice"] = Key }));
        using var client = await fixture.ConnectAsync();

        await client.SendAsync($"GET /x HTTP/1.1\r\nHost: gpu.example:1\r\nOrigin: http://gpu.example:1\r\nAuthorization: Bearer {Key}\r\nX-Api-Key: theirs\r\n\r\n");
        await client.ReadUntilAsync(text => text.EndsWith("hi", StringComparison.Ordinal));

        var head = upstream.Heads.Single();
        Assert.DoesNotContain(Key, head, StringComparison.Ordinal);
        Assert.Equal((upstream.Address.Authority, null, "theirs"),
            (UpstreamConnection.Header(head, "Host"), UpstreamConnection.Header(head, "Origin"), UpstreamConnection.Header(head, "X-Api-Key")));
    }

    [Theory]
    [InlineData("http://0.0.0.0:11435", "", "", "Ollama:Listen is http://0.0.0.0:11435, which can be reached from beyond this host, and no client has a key; accepted is an address on loopback, or set Ollama:Keys:<name> for each client")]
    [InlineData("http://gpu.example:11435", "", "", "Ollama:Listen is http://gpu.example:11435; accepted are localhost or an IP address of this host as the host in http://host:port")]
    [InlineData("http://localhost:1", "a b", "", "Ollama:AllowedHosts has 'a b'; accepted are host names and addresses without a port, .example.org for all names below, and * for any")]
    [InlineData("http://localhost:1", "a:1", "", "Ollama:AllowedHosts has 'a:1'; accepted are host names and addresses without a port, .example.org for all names below, and * for any")]
    [InlineData("http://[::1]:1", "", "example.org", "Ollama:AllowedOrigins has 'example.org'; accepted are scheme://host or scheme://host:port with at most one *, and * for any")]
    public void A_configuration_that_lets_in_whom_it_should_not_is_refused(string listen, string hosts, string origins, string expected)
    {
        var options = new OllamaOptions { Listen = listen, AllowedHosts = hosts, AllowedOrigins = origins };
        Assert.Equal([expected], options.Validate(null, options).Failures);
    }

    [Theory]
    [InlineData("alice", "short")]
    [InlineData("alice", "sk 0123456789abcdef")]
    [InlineData("0", Key)]
    [InlineData("a/b", Key)]
    public void A_key_that_cannot_be_one_is_refused_and_not_shown(string name, string key)
    {
        var problem = Assert.Single(ApiKeys.ProblemsOf(new Dictionary<string, string> { [name] = key }));
        Assert.StartsWith($"Ollama:Keys:{name} has ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(key, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_clients_cannot_share_a_key() =>
        Assert.Equal(["Ollama:Keys:a and Ollama:Keys:b are one key; accepted is a key of its own for each"], ApiKeys.ProblemsOf(new Dictionary<string, string> { ["a"] = Key, ["b"] = Key }));

    private static Admission Admit(
        string host, Action<OllamaOptions>? configure = null, (string Name, string Value)[]? headers = null, string listen = "http://127.0.0.1:11435", string method = "POST")
    {
        var options = new OllamaOptions();
        configure?.Invoke(options);
        var server = new ModelServer(ModelServer.Ollama, new Uri(listen), new Uri("http://127.0.0.1:11434"));
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        http.Request.Headers.Host = host;
        foreach (var (name, value) in headers ?? []) http.Request.Headers.Append(name, value);
        return new ProxyGuard(new HostGuard(options), new ApiKeys(options.Keys), server).Admit(http.Request);
    }
}
