using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// What a tick of the cheap tier costs beyond the driver's own calls: the round and its watch, nulls, plausibility, the counting of errors. The
/// yardstick is a C loop that makes the same calls on the same library.
/// </summary>
internal static class SamplerTick
{
    private const int GpuCount = 8;
    private const int TicksPerCall = 100;

    public static async Task RunAsync()
    {
        using var native = new NativeBuild();
        var driver = native.LoadDriver();
        using var meter = new Meter("Benchmarks.Driver");
        using var source = Source(driver, meter);
        using var tick = new CheapTick(source, GpuCount);
        var bare = new BareLoop(driver);
        foreach (var (costs, reported) in new[] { ("calls at reported prices", 1), ("calls that cost nothing", 0) })
        {
            bare.SetCost(reported);
            await Comparison.RunAsync($"sampler-tick, {costs}", "tick of 8 GPUs (40 driver calls)", TicksPerCall,
                new Contender("round, lanes, NvmlGpu.Read", () => Repeat(tick.Run)),
                new Contender("bare C loop of the same calls", () => Repeat(bare.Run)));
        }
        if (tick.Lanes.Any(lane => lane.Reading is not { PowerWatts: 417.312, EnergyJoules: 123_456.789 }) || bare.Sum == 0)
            throw new InvalidOperationException("the contenders did not read what the driver says");
    }

    private static NvmlSource Source(nint driver, Meter meter) => new(
        () => new NvmlLibrary(name => NativeLibrary.TryGetExport(driver, name, out var address) ? address : 0),
        new NvmlStatusFunnel(meter.CreateCounter<long>("errors")), new NvmlSettings { Root = "/nonexistent" });

    private static void Repeat(Action tick)
    {
        for (var i = 0; i < TicksPerCall; i++)
            tick();
    }

    private sealed unsafe class BareLoop(nint driver)
    {
        private readonly delegate* unmanaged[Cdecl]<uint, ulong> _tick =
            (delegate* unmanaged[Cdecl]<uint, ulong>)NativeLibrary.GetExport(driver, "bench_bare_tick");
        private readonly delegate* unmanaged[Cdecl]<int, void> _setCost =
            (delegate* unmanaged[Cdecl]<int, void>)NativeLibrary.GetExport(driver, "bench_set_cost");

        public ulong Sum { get; private set; }

        public void SetCost(int reported) => _setCost(reported);

        public void Run() => Sum += _tick(GpuCount);
    }
}
