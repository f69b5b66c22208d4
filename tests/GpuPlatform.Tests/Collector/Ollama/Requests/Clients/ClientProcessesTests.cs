using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Processes;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Requests.Clients;

public sealed class ClientProcessesTests : IDisposable
{
    private static readonly ModelServer Server = new(ModelServer.Ollama, new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2"));

    private readonly TemporaryTree _tree = new();
    private readonly Meter _meter = new("test");

    public ClientProcessesTests()
    {
        _tree.Write("proc/stat", "btime 1760000000\n");
        _tree.Write("proc/net/tcp", "head\n   0: 0100007F:D431 0100007F:2CAB 01 00000000:00000000 00:00000000 00000000  1000        0 42 1\n");
        _tree.Link("proc/70/fd/5", "socket:[42]");
        Runs("python3.12", "python3\0/opt/chat.py\0");
    }

    public void Dispose()
    {
        _tree.Dispose();
        _meter.Dispose();
    }

    [Theory]
    [InlineData("python-requests", LlmClientSource.Agent, "chat.py", LlmClientSource.Process)]
    [InlineData("unknown", LlmClientSource.Unknown, "chat.py", LlmClientSource.Process)]
    [InlineData("openai-python", LlmClientSource.Agent, "openai-python", LlmClientSource.Agent)]
    [InlineData("alice", LlmClientSource.Key, "alice", LlmClientSource.Key)]
    [InlineData("Bob", LlmClientSource.User, "Bob", LlmClientSource.User)]
    public void The_process_is_told_always_and_names_whoever_has_no_better_name(string name, LlmClientSource source, string named, LlmClientSource namedBy)
    {
        using var processes = Processes();
        using var request = Request(name, source);
        processes.Began(request);
        processes.LookUpAll();
        var startedAt = DateTimeOffset.FromUnixTimeSeconds(1_760_000_050);
        Assert.Equal(new LlmClient { Name = named, Source = namedBy, Pid = 70, ProcessName = "python3.12", ProcessStartedAt = startedAt }, request.Client);
    }

    [Fact]
    public async Task Its_end_is_no_failure_for_a_host_that_could_not_start()
    {
        Runs("python3.12", "python3\0-c\0secret()\0");
        var processes = Processes();
        using var request = Request("unknown", LlmClientSource.Unknown);
        await processes.StartAsync(TestContext.Current.CancellationToken);
        var work = processes.ExecuteTask!;
        processes.Began(request);
        // What was cancelled before it began at all would be cancelled, whatever it does
        await Until.True(() => request.Client.Pid is not null);
        processes.Dispose();
        await work.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("python-requests", LlmClientSource.Agent, "python-requests", LlmClientSource.Agent)]
    [InlineData("unknown", LlmClientSource.Unknown, "python3.12", LlmClientSource.Process)]
    public void An_interpreter_without_a_script_names_only_whom_nothing_else_names(string name, LlmClientSource source, string named, LlmClientSource namedBy)
    {
        Runs("python3.12", "python3\0-c\0secret()\0");
        using var processes = Processes();
        using var request = Request(name, source);
        processes.Began(request);
        processes.LookUpAll();
        Assert.Equal((named, namedBy, 70), (request.Client.Name, request.Client.Source, request.Client.Pid));
    }

    [Fact]
    public void A_program_is_named_by_itself()
    {
        Runs("my-bot", "/opt/my-bot\0--token\0hunter2\0");
        using var processes = Processes();
        using var request = Request("go-http-client", LlmClientSource.Agent);
        processes.Began(request);
        processes.LookUpAll();
        Assert.Equal("my-bot", request.Client.Name);
    }

    [Fact]
    public void The_next_request_of_a_connection_knows_at_once_even_that_nothing_is_known()
    {
        using var processes = Processes();
        using var first = Request("unknown", LlmClientSource.Unknown);
        processes.Began(first);
        processes.LookUpAll();
        _tree.Remove("proc/net");
        using var second = Request("unknown", LlmClientSource.Unknown);
        processes.Began(second);
        Assert.Equal(first.Client, second.Client);

        using var other = Request("unknown", LlmClientSource.Unknown, "c2");
        processes.Began(other);
        processes.LookUpAll();
        Assert.Null(other.Client.Pid);
    }

    [Fact]
    public void Nobody_is_looked_for_elsewhere_or_when_that_is_switched_off()
    {
        using var processes = Processes();
        using var far = Request("unknown", LlmClientSource.Unknown, "c3", "192.0.2.7");
        using var off = Processes(isOn: false);
        using var near = Request("unknown", LlmClientSource.Unknown, "c4");
        processes.Began(far);
        off.Began(near);
        processes.LookUpAll();
        off.LookUpAll();
        Assert.Equal((null, null), (far.Client.Pid, near.Client.Pid));
    }

    [Fact]
    public async Task A_program_that_really_connects_is_really_found()
    {
        Assert.SkipUnless(File.Exists("/bin/bash") && File.Exists("/proc/net/tcp"), "there is no bash or no /proc");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $"exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)listener.LocalEndpoint).Port}; read -r <&3"]))!;
        try
        {
            using var socket = await listener.AcceptSocketAsync();
            using var processes = Processes(root: "/");
            using var request = new LlmRequest(Server, LlmEndpoint.All[0], DateTimeOffset.UtcNow, 1)
            {
                Client = new LlmClient { Name = "unknown", Source = LlmClientSource.Unknown },
                Connection = new ClientConnection("live", (IPEndPoint)socket.RemoteEndPoint!, (IPEndPoint)socket.LocalEndPoint!),
            };
            await processes.StartAsync(CancellationToken.None);
            processes.Began(request);
            await Until.True(() => request.Client.Pid is not null);
            await processes.StopAsync(CancellationToken.None);
            Assert.Equal((client.Id, "bash", "bash"), (request.Client.Pid, request.Client.ProcessName, request.Client.Name));
            Assert.Equal(client.StartTime.ToUniversalTime(), request.Client.ProcessStartedAt!.Value.UtcDateTime, TimeSpan.FromSeconds(5));
        }
        finally
        {
            client.Kill();
            await client.WaitForExitAsync();
        }
    }

    private void Runs(string name, string commandLine)
    {
        _tree.Write("proc/70/stat", new StatLine(70, name, 1, 5000));
        _tree.Write("proc/70/cmdline", commandLine);
    }

    private ClientProcesses Processes(bool isOn = true, string? root = null) => new(
        Options.Create(new OllamaOptions { FindClientProcess = isOn }), root is null ? new SocketTables(_tree.Root) : new HostSockets(root, TimeProvider.System, NullLogger<HostSockets>.Instance), new SocketHolders(root ?? _tree.Root, TimeProvider.System),
        new ProcFs(root ?? _tree.Root), new ClientNames(_meter.CreateCounter<long>("refused"), NullLogger<ClientNames>.Instance), TimeProvider.System,
        NullLogger<ClientProcesses>.Instance);

    private static LlmRequest Request(string name, LlmClientSource source, string connection = "c1", string address = "127.0.0.1") => new(Server, LlmEndpoint.All[0], DateTimeOffset.UtcNow, 1)
    {
        Client = new LlmClient { Name = name, Source = source },
        Connection = new ClientConnection(connection, new IPEndPoint(IPAddress.Parse(address), 0xD431), new IPEndPoint(IPAddress.Loopback, 0x2CAB)),
    };
}
