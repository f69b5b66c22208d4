using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>A client that goes away stops the model server's work, whatever it was waiting for.</summary>
[Collection(nameof(RunningSystem))]
public sealed class AbortTests(RunningSystem system)
{
    const int Tries = 9;
    const double LimitMs = 50;

    [Theory]
    [InlineData("silent", true)]
    [InlineData("mute", true)]
    [InlineData("mute", false)]
    public async Task A_client_that_goes_is_gone_for_the_model_server_at_once(string model, bool stream)
    {
        system.Ollama.Restart(ScriptedModels.All);
        var body = $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"x"}]}""";
        var delays = new List<double>();
        for (var attempt = 0; attempt < Tries; attempt++) delays.Add(await AbortAsync(body, pieces: model == "silent" ? 3 : 0));

        delays.Sort();
        TestContext.Current.SendDiagnosticMessage($"abort of {model}, stream {stream}: {string.Join(" ", delays.Select(delay => delay.ToString("0.0")))} ms");
        Assert.True(delays[Tries / 2] <= LimitMs, $"median {delays[Tries / 2]:0.0} ms of {string.Join(" ", delays.Select(delay => delay.ToString("0.0")))}");
    }

    /// <summary>Milliseconds from the client's close to the model server's notice of it.</summary>
    async Task<double> AbortAsync(string body, int pieces)
    {
        var earlier = Asked().Count;
        using var client = new TcpClient();
        await client.ConnectAsync(system.Proxy.Host, system.Proxy.Port, TestContext.Current.CancellationToken);
        var head = $"POST /api/chat HTTP/1.1\r\nHost: {system.Proxy.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + body), TestContext.Current.CancellationToken);
        await Eventually.Holds("the model server works on it", () => Asked() is var asked && asked.Count > earlier && asked[^1] is { ReceivedTimestamp: not null } last && last.PieceTimestamps.Count == pieces);

        var gone = Stopwatch.GetTimestamp();
        client.Close();

        var seen = Asked()[^1];
        await Eventually.Holds("the model server knows that its client has gone", () => seen.AbortedTimestamp is not null);
        return Stopwatch.GetElapsedTime(gone, seen.AbortedTimestamp!.Value).TotalMilliseconds;
    }

    List<Tests.Doubles.Ollama.SeenRequest> Asked() => [.. system.Ollama.Requests.Where(request => request.Target == "/api/chat")];
}
