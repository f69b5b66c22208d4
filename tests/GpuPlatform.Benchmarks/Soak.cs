using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// Whether the collector grows: ticks of 100 ms, details and processes every second, a scrape and a fresh look every second.
/// BENCH_SOAK_MINUTES says for how long, 30 unless told.
/// </summary>
internal static class Soak
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static async Task RunAsync()
    {
        var minutes = int.Parse(Environment.GetEnvironmentVariable("BENCH_SOAK_MINUTES") ?? "30", CultureInfo.InvariantCulture);
        using var native = new NativeBuild();
        native.Build("nvml_double.c", "libnvidia-ml.so.1", "-shared", "-fPIC");
        using var resident = Process.Start("sleep", "7200");
        var url = $"http://127.0.0.1:{FreePort()}";
        using var collector = CollectorProcess.Start(native.Folder, [resident.Id], $"--urls={url}",
            "--Sampling:Interval=00:00:00.1", "--Sampling:DetailInterval=00:00:01", "--Sampling:ProcessInterval=00:00:01", "--Sampling:HostInterval=00:00:01");
        using var client = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
        try
        {
            for (var minute = 1; minute <= minutes; minute++)
            {
                var failed = 0;
                for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromMinutes(1); await Task.Delay(Second))
                    failed += await AnswersAsync(client, "/metrics") && await AnswersAsync(client, "/api/gpu/metrics?fresh=true") ? 0 : 1;
                var ticks = await TicksAsync(client);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"soak, minute {minute}: {CollectorProcess.ResidentMebibytes(collector.Id):0.0} MiB resident, {CollectorProcess.OpenFileCount(collector.Id)} open files, {CollectorProcess.ThreadCount(collector.Id)} threads, {failed} unanswered, {ticks}"));
            }
        }
        finally
        {
            collector.Kill();
            resident.Kill();
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private static async Task<string> TicksAsync(HttpClient client) =>
        (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n')
        .FirstOrDefault(line => line.StartsWith("gpuplatform_gpu_samples_total", StringComparison.Ordinal)) ?? "no ticks";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
