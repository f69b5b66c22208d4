using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using GpuPlatform.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Requests.Clients;

public sealed class ClientIdentityTests : IDisposable
{
    private const string Key = "0123456789abcdef-alice";

    private readonly Meter _meter = new("test");
    private readonly ClientNames _names;

    public ClientIdentityTests() => _names = new ClientNames(_meter.CreateCounter<long>("refused"), NullLogger<ClientNames>.Instance);

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void The_strongest_of_what_is_known_names_the_client()
    {
        (string Name, string Value)[] all = [("Authorization", $"Bearer {Key}"), ("X-OpenWebUI-User-Name", "Bob"), ("X-Forwarded-User", "carol"), ("User-Agent", "curl/8")];
        Assert.Equal(("alice", LlmClientSource.Key), NameOf(all));
        Assert.Equal(("Bob", LlmClientSource.User), NameOf(all[1..]));
        Assert.Equal(("carol", LlmClientSource.User), NameOf(all[2..]));
        Assert.Equal(("curl", LlmClientSource.Agent), NameOf(all[3..]));
        Assert.Equal(("unknown", LlmClientSource.Unknown), NameOf());
    }

    [Fact]
    public void A_key_that_is_not_ours_names_nobody_and_is_nowhere()
    {
        var client = Of([("Authorization", "Bearer sk-somebody-elses-key-0123456789"), ("User-Agent", "curl/8")]);
        Assert.Equal("curl", client.Name);
        Assert.DoesNotContain("somebody", client.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_headers_that_name_a_user_can_be_chosen()
    {
        Assert.Equal(("s-1", LlmClientSource.User), NameOf([("X-Session-ID", "s-1"), ("X-Forwarded-User", "carol")], "X-Session-ID"));
        Assert.Equal(("unknown", LlmClientSource.Unknown), NameOf([("X-Forwarded-User", "carol")], ""));
    }

    [Theory]
    [InlineData("J%C3%BCrgen%20M", "Jürgen M")]
    [InlineData("100%", "100%")]
    [InlineData("a+b@example.org", "a+b@example.org")]
    [InlineData("  \t ", null)]
    [InlineData("eve\u202Egpj\u200B", "evegpj")]
    [InlineData("a\u0001b\u2028c", "a b c")]
    [InlineData("%0d%0aX: y", "X: y")]
    public void A_users_name_is_made_fit_to_be_shown(string sent, string? shown) =>
        Assert.Equal(shown ?? "unknown", NameOf([("X-OpenWebUI-User-Name", sent)]).Name);

    [Fact]
    public void A_name_in_UTF8_is_read_though_headers_pass_as_bytes()
    {
        var sent = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("Zoë"));
        Assert.Equal("Zoë", NameOf([("X-Forwarded-User", sent)]).Name);
        Assert.Equal("\u00ff\u00fe", NameOf([("X-Forwarded-User", "\u00ff\u00fe")]).Name);
    }

    [Fact]
    public void Names_are_bounded_in_length_and_number()
    {
        Assert.Equal(ClientNames.MostCharacters, NameOf([("X-Forwarded-User", new string('x', 100_000))]).Name.Length);
        Assert.Equal(ClientNames.MostCharacters - 1, NameOf([("X-Forwarded-User", string.Concat(Enumerable.Repeat("😀", 100)))]).Name.Length);
        var names = Enumerable.Range(0, 1000).Select(i => NameOf([("X-Forwarded-User", $"u{i}")]).Name).ToHashSet();
        Assert.Equal(ClientNames.MostNames - 2 + 1, names.Count);
        Assert.Contains(ClientNames.Other, names);
        Assert.Equal("u0", NameOf([("X-Forwarded-User", "u0")]).Name);
        Assert.Equal("alice", NameOf([("x-api-key", Key)]).Name);
        Assert.Equal("python-requests", NameOf([("User-Agent", "python-requests/2")]).Name);
    }

    [Fact]
    public void What_was_refused_is_counted()
    {
        var refused = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, who) =>
        {
            if (instrument.Meter == _meter) who.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => refused += count);
        listener.Start();
        for (var i = 0; i < ClientNames.MostNames + 7; i++) _names.Admit($"n{i}");
        Assert.Equal(7, refused);
    }

    [Fact]
    public void Address_and_User_Agent_are_told_as_they_are_and_cut()
    {
        var client = Of([("User-Agent", "curl/8.5.0\u0007" + new string('x', 1000))]);
        Assert.Equal((256, "127.0.0.1"), (client.UserAgent!.Length, client.Address));
        Assert.StartsWith("curl/8.5.0 x", client.UserAgent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("X-Forwarded-User, x-api-key")]
    [InlineData("X-Auth-Token")]
    [InlineData("X User")]
    [InlineData("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q")]
    public void A_list_with_what_holds_a_secret_or_is_no_header_is_refused_by_its_key(string list)
    {
        var result = new OllamaOptions().Validate(null, new OllamaOptions { UserHeaderNames = list });
        Assert.StartsWith("Ollama:UserHeaderNames ", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    private (string Name, LlmClientSource Source) NameOf(params (string Name, string Value)[] headers) => Of(headers) is var client ? (client.Name, client.Source) : default;

    private (string Name, LlmClientSource Source) NameOf((string Name, string Value)[] headers, string userHeaders) =>
        Of(headers, userHeaders) is var client ? (client.Name, client.Source) : default;

    private LlmClient Of((string Name, string Value)[] headers, string? userHeaders = null)
    {
        var options = new OllamaOptions { Keys = new() { ["alice"] = Key } };
        if (userHeaders is not null) options.UserHeaderNames = userHeaders;
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Loopback.MapToIPv6();
        foreach (var (name, value) in headers) http.Request.Headers[name] = value;
        return new ClientIdentity(Options.Create(options), _names).Of(http);
    }
}
