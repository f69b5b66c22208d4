using System.Diagnostics;
using System.Globalization;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// What the collector takes from a host that does nothing else: two GPUs at reported prices, a tick every 2 s, four hundred other processes. The
/// program is the one built beside the benchmarks, or the one BENCH_COLLECTOR names.
/// </summary>
internal static class SteadyState
{
    private const int OtherProcesses = 400;
    private const int GpuProcesses = 4;
    // The runtime compiles again what has run some thirty times, which is not the steady state; most of it runs every two to ten seconds
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(120);

    public static async Task RunAsync()
    {
        using var native = new NativeBuild();
        native.Build("nvml_double.c", "libnvidia-ml.so.1", "-shared", "-fPIC");
        var others = new List<Process>();
        Process? collector = null;
        try
        {
            for (var i = 0; i < OtherProcesses; i++)
                others.Add(Process.Start("sleep", "3600"));
            collector = CollectorProcess.Start(native.Folder, others.Take(GpuProcesses).Select(process => process.Id));
            await Task.Delay(WarmUp);
            var (cpu, clock) = (CpuClock.Of(collector.Id), Stopwatch.StartNew());
            await Task.Delay(Measured);
            var share = 100 * (CpuClock.Of(collector.Id) - cpu) / clock.Elapsed;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"steady, 2 GPUs at 2 s, {OtherProcesses} processes: {share:0.00} % of one core, {CollectorProcess.ResidentMebibytes(collector.Id):0} MiB resident"));
        }
        finally
        {
            collector?.Kill();
            foreach (var other in others)
                other.Kill();
        }
    }
}
