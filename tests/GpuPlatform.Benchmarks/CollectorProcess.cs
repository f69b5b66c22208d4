using System.Diagnostics;
using System.Globalization;

namespace GpuPlatform.Benchmarks;

/// <summary>The collector as a process of its own, on the driver double with two GPUs at reported prices.</summary>
internal static class CollectorProcess
{
    /// <summary>Starts the program built beside the benchmarks, or the one BENCH_COLLECTOR names.</summary>
    /// <param name="driverFolder">Where the driver double lies.</param>
    /// <param name="pids">The processes it lists.</param>
    /// <param name="settings">Further command-line settings.</param>
    public static Process Start(string driverFolder, IEnumerable<int> pids, params string[] settings)
    {
        var program = Environment.GetEnvironmentVariable("BENCH_COLLECTOR");
        var start = program is null
            ? new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "GpuPlatform.Collector.dll")])
            : new ProcessStartInfo(program);
        foreach (var argument in (string[])["--Logging:LogLevel:Default=Warning", .. settings])
            start.ArgumentList.Add(argument);
        if (!settings.Any(setting => setting.StartsWith("--Gpu:Source", StringComparison.Ordinal)))
            start.ArgumentList.Add("--Gpu:Source=nvml");
        if (!settings.Any(setting => setting.StartsWith("--urls", StringComparison.Ordinal)))
            start.ArgumentList.Add("--urls=http://127.0.0.1:0");
        start.Environment["LD_LIBRARY_PATH"] = driverFolder;
        // Nobody's own settings
        (start.Environment["XDG_CONFIG_HOME"], start.Environment["GPUPLATFORM_CONFIG"]) = (driverFolder, driverFolder);
        start.Environment["BENCH_GPUS"] = "2";
        start.Environment["BENCH_REPORTED_COST"] = "1";
        start.Environment["BENCH_PIDS"] = string.Join(',', pids);
        return Process.Start(start)!;
    }

    public static double ResidentMebibytes(int pid) => double.Parse(
        Status(pid, "VmRSS:").Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture) / 1024;

    public static int ThreadCount(int pid) => int.Parse(Status(pid, "Threads:"), CultureInfo.InvariantCulture);

    public static int OpenFileCount(int pid) => Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length;

    private static string Status(int pid, string field) => File.ReadLines($"/proc/{pid}/status")
        .First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..].Trim();
}
