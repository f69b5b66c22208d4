using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.NvidiaSmi;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// What a sample of two GPUs costs through the library, and by running nvidia-smi for it. The driver's own time is left out on both sides: the library
/// answers with constants, and the program prints a captured answer at once. CPU is of this process and of the children it waited for.
/// </summary>
internal static class SmiSample
{
    private const int GpuCount = 2;
    private const int LibrarySamples = 100_000;
    private const int ProgramSamples = 200;
    private const int Rounds = 5;

    public static Task RunAsync()
    {
        using var native = new NativeBuild();
        var driver = native.LoadDriver();
        SetGpus(driver);
        var program = native.Build("smi_double.c", "nvidia-smi");
        using var meter = new Meter("Benchmarks.Driver");
        var library = new NvmlSource(
            () => new NvmlLibrary(name => NativeLibrary.TryGetExport(driver, name, out var address) ? address : 0),
            new NvmlStatusFunnel(meter.CreateCounter<long>("errors")), new NvmlSettings { Root = "/nonexistent" });
        var smi = new SmiSource(new SmiCommand(program, TimeSpan.FromMinutes(1)), new PciGpus("/nonexistent"), TimeProvider.System);
        using var libraryTick = new CheapTick(library, GpuCount);
        using var smiTick = new CheapTick(smi, GpuCount);
        var ratios = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var ours = Microseconds(libraryTick, LibrarySamples);
            var theirs = Microseconds(smiTick, ProgramSamples);
            if (round >= 0)
                ratios.Add(theirs / ours);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"smi-sample, per sample of 2 GPUs: library {ours:0.0} µs CPU, program {theirs:0} µs CPU, {theirs / ours:0} times{(round < 0 ? " (warm-up)" : "")}"));
        }
        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"smi-sample: the program takes {ratios[Rounds / 2]:0} times the CPU of the library ({ratios[0]:0}-{ratios[^1]:0})"));
        return Task.CompletedTask;
    }

    private static double Microseconds(CheapTick tick, int samples)
    {
        var before = CpuClock.SelfAndChildren();
        for (var i = 0; i < samples; i++)
            tick.Run();
        if (tick.Lanes.Any(lane => lane.Reading.MemoryTotalBytes is null))
            throw new InvalidOperationException("a sample was empty");
        return (CpuClock.SelfAndChildren() - before).TotalMicroseconds / samples;
    }

    private static unsafe void SetGpus(nint driver) =>
        ((delegate* unmanaged[Cdecl]<int, void>)NativeLibrary.GetExport(driver, "bench_set_gpus"))(GpuCount);
}
