using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Section <c>Uplink</c>: how much may wait while the broker is out of reach, and where. Beyond a bound the oldest is dropped.</summary>
internal sealed class UplinkOptions : IValidatableObject
{
    /// <summary>Messages that may wait in memory.</summary>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>Bytes of messages that may wait in memory.</summary>
    public long QueueCapacityBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Folder in which each node has one for what waits on disk. Unset, a place for the state of programs; empty, there is none.</summary>
    public string? SpoolPath { get; set; }

    /// <summary>Size of the files of one node.</summary>
    public long SpoolCapacityBytes { get; set; } = 256L * 1024 * 1024;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (QueueCapacity is < 1 or > 10_000_000)
            yield return new($"Uplink:QueueCapacity is {QueueCapacity}: it must be between 1 and 10000000 messages.");
        if (QueueCapacityBytes is < 64L * 1024 or > 16L * 1024 * 1024 * 1024)
            yield return new($"Uplink:QueueCapacityBytes is {QueueCapacityBytes}: it must be between 65536 (64 KiB) and 17179869184 (16 GiB).");
        if (SpoolPath is { Length: > 0 } path && !Path.IsPathFullyQualified(path))
            yield return new($"Uplink:SpoolPath is '{path}': it must be an absolute path, or empty to keep nothing on disk.");
        if (SpoolCapacityBytes is < 16L * 1024 * 1024 or > 1024L * 1024 * 1024 * 1024)
            yield return new($"Uplink:SpoolCapacityBytes is {SpoolCapacityBytes}: it must be between 16777216 (16 MiB) and 1099511627776 (1 TiB).");
    }
}

[OptionsValidator]
internal sealed partial class UplinkOptionsValidator : IValidateOptions<UplinkOptions>;
