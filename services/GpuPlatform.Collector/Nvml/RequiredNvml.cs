using GpuPlatform.Collector.Sampling;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Nvml;

/// <summary>What <c>Gpu:RequireNvml</c> asks for: a collector that cannot read its GPUs does not start.</summary>
internal static class RequiredNvml
{
    /// <summary>Opens NVML when it is required, and throws with the reason when it does not work. GPUs that sleep are in order, and are left so.</summary>
    public static void Check(IServiceProvider services)
    {
        if (!services.GetRequiredService<IOptions<GpuOptions>>().Value.RequireNvml)
            return;
        var source = services.GetRequiredService<IReadOnlyList<IGpuSource>>()
            .Select(source => source is FallbackSource fallback ? fallback.First : source).OfType<NvmlSource>().FirstOrDefault();
        if (source is null || source.Open())
            return;
        throw new OptionsValidationException(
            GpuOptions.Section, typeof(GpuOptions), [$"Gpu:RequireNvml is true, but {source.Info.UnavailableReason}"]);
    }
}
