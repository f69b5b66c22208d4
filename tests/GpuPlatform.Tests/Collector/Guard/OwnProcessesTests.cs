using System.Text;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Processes.Sockets;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using static GpuPlatform.Tests.Collector.Guard.GuardProcesses;

namespace GpuPlatform.Tests.Collector.Guard;

public sealed class OwnProcessesTests : IDisposable
{
    private static readonly ModelServer Ollama = new(ModelServer.Ollama, new Uri("http://127.0.0.1:11435"), new Uri("http://127.0.0.1:11434"));
    private static readonly ModelServer Vllm = new("vllm", new Uri("http://127.0.0.1:8001"), new Uri("http://127.0.0.1:8000"));

    private readonly TemporaryTree _host = new();
    private readonly CheapTables _sockets;
    private readonly OwnProcesses _own;
    private TimeSpan _now;

    public OwnProcessesTests() => _own = Own(_sockets = new CheapTables(_host.Root));

    [Theory]
    [InlineData("ollama_llama_server", "/tmp/ollama123/runners/cuda/ollama_llama_server --model x", true)]
    [InlineData("ollama", "/usr/local/bin/ollama runner --ollama-engine --model x --port 4", true)]
    [InlineData("ollama", "/usr/local/bin/ollama serve", false)]
    public void Runners_of_every_release_are_ollamas(string name, string commandLine, bool isRunner)
    {
        var owner = Of(Process(20, name) with { CommandLine = commandLine.Split(' '), ExecutablePath = commandLine.Split(' ')[0] });
        Assert.Equal((Ollama, isRunner), (owner?.Server, owner?.IsRunner));
    }

    [Fact]
    public void The_search_for_devices_and_a_runner_that_lost_its_parent_are_its_too()
    {
        Assert.Equal(Ollama, Of(Process(20, "llama-server") with { ExecutablePath = "/usr/lib/ollama/llama-server", CommandLine = ["llama-server", "--port", "1", "--offline"] })?.Server);
        Assert.Equal(Ollama, Of(Process(21, "llama-server") with { CommandLine = ["llama-server", "--model", "/var/ollama/models/blobs/sha256-ab"] })?.Server);
    }

    [Fact]
    public void What_was_its_own_stays_so_whoever_is_its_parent_by_then()
    {
        Add(10, 1, "/opt/bin/ollama", "serve");
        Add(20, 10, "helper");
        Assert.NotNull(Of(Process(20, "helper")));
        Add(20, 1, "helper");
        Assert.NotNull(Of(Process(20, "helper")));
        _own.Keep(new HashSet<(int, DateTimeOffset)>());
        Assert.Null(Of(Process(20, "helper")));
    }

    [Fact]
    public void A_pid_that_is_used_again_is_not_its_own()
    {
        Add(10, 1, "/opt/bin/ollama", "serve");
        Add(20, 10, "helper");
        Assert.NotNull(Of(Process(20, "helper")));
        Add(20, 1, "game");
        Assert.Null(Of(Process(20, "game") with { StartedAt = StartedAt.AddSeconds(9) }));
    }

    [Fact]
    public void A_configured_server_is_known_by_the_port_it_names_or_listens_on()
    {
        Add(30, 1, "python3", "-m", "vllm", "serve", "--port", "8000");
        Add(31, 30, "VLLM::EngineCore");
        Assert.Equal(Vllm, Of(Process(31, "VLLM::EngineCor"))?.Server);

        Add(40, 1, "python3", "server.py");
        Add(41, 40, "worker");
        Assert.Null(Of(Process(41, "worker")));
        _host.Write("proc/net/tcp", "  sl  local_address rem_address   st\n   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 777 1\n");
        _host.Link("proc/40/fd/5", "socket:[777]");
        Assert.Equal(Vllm, Of(Process(41, "worker"))?.Server);
    }

    [Theory]
    [InlineData("   0: 0100007F:1F40 00000000:0000 01 00000000:00000000 00:00000000 00000000  1000        0 777 1")] // a connection, nobody's to listen on
    [InlineData("   0: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 777 1")] // another port
    [InlineData("nonsense")]
    [InlineData("   0: :::: x 0A y z a b c d e")]
    public void Another_socket_makes_nobody_a_server(string line)
    {
        Add(40, 1, "game");
        _host.Write("proc/net/tcp6", line + "\n");
        _host.Link("proc/40/fd/5", "socket:[777]");
        Assert.Null(Of(Process(40, "game")));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://ollama:1", true)]
    [InlineData("http://host.docker.internal:1", true)]
    [InlineData("http://gpu7.example.org:1", false)]
    [InlineData("http://203.0.113.9:1", false)]
    public void A_server_elsewhere_uses_no_gpu_of_this_host(string upstream, bool isHere)
    {
        var server = new ModelServer("x", new Uri("http://127.0.0.1:2"), new Uri(upstream));
        Assert.Equal(isHere, ServerPlace.IsHere(server));
        Assert.Equal(isHere ? ["a", "b"] : [], ServerGpus.Of(server, ["a", "b"], _ => false, isHere));
        Assert.Equal(["b"], ServerGpus.Of(server with { Gpus = ["B"] }, ["a", "b"], _ => false, isHere));
        Assert.Equal(["a"], ServerGpus.Of(server with { Gpus = ["B"] }, ["a", "b"], gpu => gpu == "a", isHere));
    }

    [Fact]
    public void A_stranger_is_looked_at_again_when_more_is_known_of_it_or_somebody_begins_to_listen()
    {
        Add(40, 1, "python3", "server.py");
        var process = Process(40, "python3");
        Assert.Null(_own.Of(process, TimeSpan.Zero));
        Listens(40);
        Assert.Null(_own.Of(process, TimeSpan.FromSeconds(0.9)));
        Assert.Equal(Vllm, _own.Of(process with { MemoryUsedBytes = 7 }, TimeSpan.FromSeconds(0.9))?.Server);

        Add(41, 1, "python3", "server.py");
        var other = Process(41, "python3");
        for (var second = 1; second < 3600; second++) Assert.Null(_own.Of(other, TimeSpan.FromSeconds(second)));
        Listens(41);
        Assert.Equal(Vllm, _own.Of(other, TimeSpan.FromHours(1))?.Server);
    }

    [Fact]
    public void A_stranger_on_two_gpus_is_not_taken_for_another_one_each_time()
    {
        Add(40, 1, "python3", "train.py");
        Listens(50);
        GpuProcessObserved[] rows = [Process(40, "python3"), Process(40, "python3", gpu: "GPU-other")];
        foreach (var row in rows) Assert.Null(_own.Of(row, TimeSpan.Zero));

        // Whoever looked through its open files once more would find it
        _host.Link("proc/40/fd/5", "socket:[7750]");
        for (var second = 1; second < 60; second++)
            foreach (var row in rows)
                Assert.Null(_own.Of(row, TimeSpan.FromSeconds(second)));
    }

    [Fact]
    public void Open_files_are_looked_through_seldom_while_the_same_listen_and_ever_less_often_while_somebody_comes_and_goes()
    {
        Add(40, 1, "game");
        Listens(50);
        var process = Process(40, "game");
        Assert.Null(_own.Of(process, TimeSpan.Zero));
        _host.Link("proc/40/fd/5", "socket:[7750]");
        for (var second = 0; second < 300; second++) Assert.Null(_own.Of(process, TimeSpan.FromSeconds(second)));
        Assert.Equal(Vllm, _own.Of(process, TimeSpan.FromSeconds(300))?.Server);

        Add(41, 1, "game");
        var other = Process(41, "game");
        foreach (var second in (int[])[1000, 1001, 1003, 1007, 1015])
        {
            Listens(second);
            Assert.Null(_own.Of(other, TimeSpan.FromSeconds(second)));
        }
        Listens(41);
        Assert.Null(_own.Of(other, TimeSpan.FromSeconds(1030)));
        Assert.Equal(Vllm, _own.Of(other, TimeSpan.FromSeconds(1031))?.Server);
    }

    [Fact]
    public void Many_strangers_cost_one_look_at_the_sockets_and_old_ones_none_before_its_time()
    {
        for (var pid = 100; pid < 130; pid++)
        {
            Add(pid, 1, "app");
            Assert.Null(_own.Of(Process(pid, "app"), TimeSpan.FromMilliseconds(pid)));
        }
        Assert.Equal(1, _sockets.LookCount);

        var dear = new CheapTables(_host.Root) { ListenersLast = TimeSpan.FromMinutes(1) };
        var own = Own(dear);
        var process = Process(100, "app");
        for (var second = 0; second <= 120; second++) Assert.Null(own.Of(process, TimeSpan.FromSeconds(second)));
        Assert.Equal(3, dear.LookCount);
    }

    public void Dispose() => _host.Dispose();

    private void Listens(int pid)
    {
        _host.Write("proc/net/tcp", $"  sl  local_address rem_address   st\n   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 77{pid} 1\n");
        _host.Link($"proc/{pid}/fd/5", $"socket:[77{pid}]");
    }

    private OwnProcesses.Owner? Of(GpuProcessObserved process) => _own.Of(process, _now += TimeSpan.FromSeconds(1));

    private void Add(int pid, int parent, params string[] commandLine)
    {
        _host.Write($"proc/{pid}/stat", $"{pid} (name) S {parent} {string.Join(' ', Enumerable.Repeat("0", 17))} 4711 {string.Join(' ', Enumerable.Repeat("0", 30))}\n");
        _host.Write($"proc/{pid}/cmdline", Encoding.UTF8.GetBytes(string.Join('\0', commandLine) + '\0'));
    }

    private OwnProcesses Own(CheapTables sockets) => new([Ollama, Vllm], [Ollama, Vllm], new ProcessTree(_host.Root, sockets));

    /// <summary>The tables of a host, where it costs little to read them.</summary>
    private sealed class CheapTables(string root) : ITcpSockets
    {
        private readonly SocketTables _tables = new(root);

        public int LookCount { get; private set; }

        public TimeSpan ListenersLast { get; init; } = TimeSpan.FromSeconds(1);

        public Dictionary<TcpConnection, long> Find(IReadOnlyCollection<TcpConnection> connections) => throw new NotSupportedException();

        public Dictionary<long, int> Listening(IReadOnlySet<int> ports)
        {
            LookCount++;
            return _tables.Listening(ports);
        }
    }
}
