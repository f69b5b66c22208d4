using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GpuPlatform.LocalHosting.Engine;

namespace GpuPlatform.LocalHosting.Servers;

/// <summary>A private RabbitMQ: the VM itself in the foreground, with a port mapper (epmd) of its own.</summary>
internal sealed class RabbitMqDriver(RabbitMQServerResource broker, ServerHome home, Func<ProcessSpec, ChildProcess> start) : IResourceDriver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(5);

    private readonly int _mapperPort = Ports.Free();
    private readonly int _distributionPort = Ports.Free();
    private ChildProcess? _mapper;

    private static string? User => Environment.IsPrivilegedProcess ? "rabbitmq" : null;

    public async Task<ChildProcess?> LaunchAsync(CancellationToken cancellationToken)
    {
        var folder = await home.FolderForAsync(broker.Name, User, cancellationToken);
        await WriteFilesAsync(folder, cancellationToken);
        var variables = Variables(folder, NativeBinaries.RabbitMq()!, broker.Port, _mapperPort, _distributionPort);
        if (_mapper is null or { Exit.IsCompleted: true })
        {
            _mapper = start(new ProcessSpec(NativeBinaries.Epmd()!, "-port", $"{_mapperPort}", "-address", "127.0.0.1") { User = User, CleanEnvironment = true, EndStage = 3 });
            await WaitForMapperAsync(cancellationToken);
        }

        var server = start(new ProcessSpec($"{variables["RABBITMQ_HOME"]}/sbin/rabbitmq-server")
        {
            User = User, CleanEnvironment = true, Environment = variables, WorkingDirectory = folder, EndStage = 2,
        });
        _ = EndMapperAfterAsync(server, _mapper);
        return server;
    }

    /// <summary>The broker answers the AMQP protocol header with a method frame (connection.start).</summary>
    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HandshakeLimit);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, broker.Port, limit.Token);
        var stream = client.GetStream();
        await stream.WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), limit.Token);
        var frame = new byte[11];
        await stream.ReadExactlyAsync(frame, limit.Token);
        return frame is [1, 0, 0, _, _, _, _, 0, 10, 0, 10];
    }

    /// <summary>Connections that end without a goodbye are not worth a warning: a health check does that every time.</summary>
    public static string Configuration(int port, string password) => $"""
        listeners.tcp.default = 127.0.0.1:{port}
        default_user = {RabbitMQServerResource.UserName}
        default_pass = {password}
        log.console = true
        log.console.level = warning
        log.connection.level = error
        log.file = false
        disk_free_limit.absolute = 50MB
        vm_memory_high_watermark.absolute = 512MB

        """;

    /// <summary>The node's name is constant, since the data belongs to it; a host name that changes must not orphan the queues.</summary>
    public static Dictionary<string, string> Variables(string folder, string rabbitHome, int port, int mapperPort, int distributionPort) => new()
    {
        ["HOME"] = $"{folder}/home",
        ["RABBITMQ_HOME"] = rabbitHome,
        ["RABBITMQ_CONF_ENV_FILE"] = $"{folder}/none",
        ["RABBITMQ_NODENAME"] = "gpuplatform@localhost",
        ["RABBITMQ_NODE_PORT"] = $"{port}",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_DIST_PORT"] = $"{distributionPort}",
        ["RABBITMQ_CONFIG_FILE"] = $"{folder}/rabbitmq.conf",
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = $"{folder}/advanced.config",
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{folder}/enabled_plugins",
        ["RABBITMQ_MNESIA_BASE"] = $"{folder}/mnesia",
        ["RABBITMQ_LOG_BASE"] = $"{folder}/log",
        ["RABBITMQ_LOGS"] = "-",
        ["RABBITMQ_PLUGINS_EXPAND_DIR"] = $"{folder}/plugins",
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = $"{folder}/config",
        ["RABBITMQ_SCHEMA_DIR"] = $"{folder}/schema",
        ["RABBITMQ_PID_FILE"] = $"{folder}/pid",
        ["ERL_EPMD_PORT"] = $"{mapperPort}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_CRASH_DUMP_SECONDS"] = "0",
        // The script then becomes the VM instead of standing between.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
        // Idle schedulers sleep instead of spinning: a game runs on the same cores.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
    };

    private static async Task EndMapperAfterAsync(ChildProcess server, ChildProcess mapper)
    {
        await server.Exit;
        await mapper.StopAsync(TimeSpan.FromSeconds(5));
    }

    private async Task WriteFilesAsync(string folder, CancellationToken cancellationToken)
    {
        ServerHome.Save($"{folder}/rabbitmq.conf", Configuration(broker.Port, broker.Password));
        ServerHome.Save($"{folder}/enabled_plugins", "[].\n");
        foreach (var name in (string[])["home", "log", "mnesia"]) Directory.CreateDirectory($"{folder}/{name}");
        await home.FolderForAsync(broker.Name, User, cancellationToken);
    }

    private async Task WaitForMapperAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, _mapperPort, cancellationToken);
                // A connection that asks nothing is logged as an error: ask for the names (NAMES_REQ); the answer begins with the port.
                await client.GetStream().WriteAsync(new byte[] { 0, 1, (byte)'n' }, cancellationToken);
                await client.GetStream().ReadExactlyAsync(new byte[4], cancellationToken);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }
}
