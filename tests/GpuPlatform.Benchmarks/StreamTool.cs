using System.Diagnostics;
using System.Globalization;

namespace GpuPlatform.Benchmarks;

/// <summary>What a client saw. Times in microseconds; a latency is from the server's send to the client's receive.</summary>
internal sealed record StreamResult(long Tokens, double Seconds, double LatencyP50, double LatencyP99, double LatencyP999, double FirstP50, double FirstP99);

/// <summary>A streaming model server and its client, in C, so that what is between them is seen and not they.</summary>
internal sealed class StreamTool : IDisposable
{
    private readonly NativeBuild _build = new();
    private readonly string _program;
    private readonly Process _upstream;

    public StreamTool(int port)
    {
        _program = _build.Build("llm_stream.c", "llm_stream", "-pthread");
        Port = port;
        _upstream = Process.Start(_program, ["upstream", Text(port)]);
    }

    public int Port { get; }

    public async Task<StreamResult> AskAsync(int port, int streams, int requests, long tokens, long rate)
    {
        using var client = Process.Start(new ProcessStartInfo(
            _program, ["client", Text(port), Text(streams), Text(requests), Text(tokens), Text(rate)]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = await client.StandardOutput.ReadToEndAsync();
        await client.WaitForExitAsync();
        if (client.ExitCode != 0) throw new InvalidOperationException($"The client at port {port} failed.");
        var v = text.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new((long)v[0], v[1], v[2], v[3], v[4], v[5], v[6]);
    }

    public void Dispose()
    {
        _upstream.Kill();
        _upstream.Dispose();
        _build.Dispose();
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
