using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace GpuPlatform.Benchmarks;

/// <summary>Something between the client and the server; nothing for the direct way.</summary>
internal sealed record ProxyContender(string Name, int Port, Process? Process) : IDisposable
{
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The collector itself, with no GPU to look at; what it records and how is all there.</summary>
    public static ProxyContender Collector(int upstream, string folder)
    {
        var port = FreePort();
        return new("collector", port, CollectorProcess.Start(folder, [],
            "--Sampling:Interval=00:10:00", "--Sampling:DetailInterval=00:10:00", "--Sampling:ProcessInterval=00:10:00",
            "--Sampling:HostInterval=00:10:00", $"--Ollama:Listen=http://127.0.0.1:{port}", $"--Ollama:Upstream=http://127.0.0.1:{upstream}"));
    }

    public static ProxyContender Yarp(int upstream)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [typeof(ProxyContender).Assembly.Location, "serve-yarp", $"http://127.0.0.1:{port}", $"http://127.0.0.1:{upstream}"]);
        // As the collector tells its own runtime
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        return new("YARP, same listener", port, System.Diagnostics.Process.Start(start));
    }

    /// <exception cref="InvalidOperationException">There is no nginx.</exception>
    public static ProxyContender Nginx(int upstream, string folder)
    {
        var port = FreePort();
        var configuration = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            daemon off; master_process off; worker_processes 1; pid {{folder}}/nginx.pid; error_log {{folder}}/nginx.log;
            events { worker_connections 1024; }
            http {
              access_log off; client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              upstream model { server 127.0.0.1:{{upstream}}; keepalive 200; }
              server {
                listen 127.0.0.1:{{port}};
                location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_request_buffering off; proxy_read_timeout 1h; }
              }
            }
            """);
        try
        {
            return new("nginx, no buffering", port, System.Diagnostics.Process.Start("nginx", ["-c", configuration]));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException("This benchmark compares with nginx (Debian: apt-get install nginx-light).", e);
        }
    }

    /// <summary>Ends when it takes connections.</summary>
    public async Task WhenUpAsync()
    {
        for (var deadline = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (deadline.Elapsed < TimeSpan.FromSeconds(60))
            {
                // It still starts
            }
        }
    }

    public TimeSpan Cpu => Process is null ? TimeSpan.Zero : CpuClock.OfThreads(Process.Id);

    public void Dispose()
    {
        Process?.Kill();
        Process?.Dispose();
    }
}
