using System.Globalization;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.NvidiaSmi;

/// <summary>
/// One value as the program prints it. What it has no value for it prints in words (<c>[N/A]</c>, <c>[Not Supported]</c>, <c>ERR!</c>,
/// <c>[GPU requires reset]</c>): only what is wholly a number is one.
/// </summary>
internal static class SmiText
{
    private const double BytesPerMebibyte = 1 << 20;

    /// <summary>Words, without those that say that there are none.</summary>
    public static string? Words(string? text)
    {
        var clean = string.Concat((text ?? "").Where(c => !char.IsControl(c))).Trim();
        return clean.Length == 0 || clean is "N/A" or "ERR!" || clean[0] == '[' ? null : clean;
    }

    public static double? Number(string? text, double least = 0, double most = double.MaxValue) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite
            | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null;

    public static double? Percent(string? text) => Number(text, 0, 100);

    public static long? Count(string? text) => Number(text, 0, long.MaxValue / 2) is { } number ? (long)number : null;

    public static int? SmallCount(string? text) => Number(text, 0, 4096) is { } number ? (int)number : null;

    /// <summary>MiB, as printed, in bytes.</summary>
    public static long? Bytes(string? text) => Number(text, 0, 1 << 24) is { } mebibytes ? (long)(mebibytes * BytesPerMebibyte) : null;

    /// <summary><c>P0</c> to <c>P15</c>.</summary>
    public static int? PerformanceState(string? text) =>
        Words(text) is ['P' or 'p', .. var digits] && Number(digits, 0, 15) is { } state ? (int)state : null;

    public static bool? Switch(string? text) => Words(text)?.ToLowerInvariant() switch
    {
        "enabled" or "yes" => true,
        "disabled" or "no" => false,
        _ => null,
    };

    /// <summary><c>00000000:01:00.0</c> as the kernel writes it.</summary>
    public static string? PciBusId(string? text) => Words(text)?.ToLowerInvariant() is { Length: 16 } address && address.StartsWith("0000", StringComparison.Ordinal)
        ? address[4..] : null;

    /// <summary>A mask of <c>nvmlClocksEventReasons</c>, printed as <c>0x0000000000000004</c>.</summary>
    public static IReadOnlyList<GpuThrottleReason>? ThrottleReasons(string? text) =>
        Words(text) is { } mask && mask.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && ulong.TryParse(mask.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? NvmlThrottleReasons.Parse(bits) : null;
}
