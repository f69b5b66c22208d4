using System.Buffers.Text;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Simulated;

/// <summary>
/// What a real process plays on a simulated GPU, by its environment: <c>GPUPLATFORM_SIMULATED_GPU=INDEX:MIB[:CONTEXT[:SM[:CELSIUS]]]</c>, as in
/// <c>0:8000:graphics:90</c>. The GPU is at least as hot as the hottest process on it says.
/// </summary>
internal readonly record struct GpuMark(int GpuIndex, long MemoryUsedBytes, GpuContext Context, double SmPercent, double? Celsius)
{
    public const string Variable = "GPUPLATFORM_SIMULATED_GPU";

    private const int MostParts = 5;
    private const long MostMebibytes = 1 << 20;

    /// <summary>Null for what is no mark.</summary>
    public static GpuMark? Parse(ReadOnlySpan<byte> text)
    {
        Span<Range> parts = stackalloc Range[MostParts + 1];
        var count = 0;
        foreach (var part in text.Split((byte)':'))
        {
            if (count == MostParts) return null;
            parts[count++] = part;
        }
        if (count < 2 || Number(text[parts[0]]) is not (>= 0 and < 64 and var index) || Number(text[parts[1]]) is not (>= 0 and <= MostMebibytes and var mebibytes)) return null;
        GpuContext? context = count < 3 ? GpuContext.Compute : ContextOf(text[parts[2]]);
        var busy = count < 4 ? 0 : Number(text[parts[3]]);
        var celsius = count < 5 ? null : Number(text[parts[4]]);
        return context is { } known && busy is >= 0 and <= 100 && (count < 5 || celsius is >= 0 and <= 150)
            ? new GpuMark((int)index, mebibytes << 20, known, busy.Value, celsius)
            : null;
    }

    private static long? Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out long number, out var length) && length == text.Length ? number : null;

    private static GpuContext? ContextOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("compute"u8) ? GpuContext.Compute
        : text.SequenceEqual("graphics"u8) ? GpuContext.Graphics
        : text.SequenceEqual("compute+graphics"u8) ? GpuContext.ComputeAndGraphics
        : null;
}
