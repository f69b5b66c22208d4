using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace GpuPlatform.Tests.ServiceDefaults.Prometheus;

public sealed class PromtoolTests
{
    [Fact]
    public async Task Promtool_accepts_what_a_service_with_nasty_labels_exposes()
    {
        var promtool = await PromtoolAsync();
        await using var host = await DefaultsHost.StartAsync();
        var meter = host.App.Services.GetRequiredService<IMeterFactory>().Create("GpuPlatform.Nasty");
        string[] values = ["C:\\new\\table", "two\nlines\r\n", "\"quoted\"", "ünïcödé 🎮", "\ud800 alone", "\0", "{a=\"b\"} 1", new('x', 5_000)];
        var counter = meter.CreateCounter<long>("nasty.jobs", "{job}", "Help with a \\ and a\nnew line.");
        var histogram = meter.CreateHistogram<double>("nasty.wait", "ms");
        var gauge = meter.CreateGauge<double>("nasty.load", "1");
        foreach (var value in values)
        {
            counter.Add(1, new("some.key", value), new("some_key", value), new("__name__", value));
            histogram.Record(3, new("le", value), new("quantile", value));
            gauge.Record(double.NaN, new KeyValuePair<string, object?>("9key", value));
            gauge.Record(double.NegativeInfinity, new KeyValuePair<string, object?>("größe", value));
        }

        meter.CreateObservableGauge("nasty.broken", int () => throw new InvalidOperationException());
        await host.Client.GetAsync(new Uri("/health", UriKind.Relative));
        using var response = await host.Client.GetAsync(new Uri("/metrics", UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Contains("nasty_wait_seconds_bucket", text);
        Assert.Contains("dotnet_process_cpu_time_seconds_total", text);
        var (exitCode, output) = await RunAsync(promtool, Path.GetTempPath(), text, "check", "metrics");
        Assert.True(exitCode == 0, $"promtool ended with {exitCode}: {output}");
    }

    /// <summary>Debian's own build, unpacked into a cache: nothing is installed or started, root is not needed.</summary>
    internal static async Task<string> PromtoolAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/apt-get") && File.Exists("/usr/bin/dpkg"), "promtool comes from Debian's prometheus package, and apt-get is not here.");
        var cache = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"gpuplatform-promtool-{Environment.UserName}")).FullName;
        var promtool = Path.Combine(cache, "unpacked", "usr", "bin", "promtool");
        if (File.Exists(promtool)) return promtool;

        var (downloaded, output) = await RunAsync("/usr/bin/apt-get", cache, "", "download", "prometheus");
        Assert.True(downloaded == 0, $"apt-get download prometheus ended with {downloaded}: {output}");
        var package = Directory.GetFiles(cache, "prometheus_*.deb").Single();
        // Unpacked beside and moved, so that a run that is interrupted leaves no half of it.
        var fresh = Path.Combine(cache, Guid.NewGuid().ToString("N"));
        var (unpacked, complaint) = await RunAsync("/usr/bin/dpkg", cache, "", "-x", package, fresh);
        Assert.True(unpacked == 0, complaint);
        Directory.Move(fresh, Path.Combine(cache, "unpacked"));
        return promtool;
    }

    internal static async Task<(int ExitCode, string Output)> RunAsync(string program, string folder, string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
