using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Section <c>Uplink</c>: how much may wait while the broker is out of reach. Beyond either bound the oldest is dropped.</summary>
internal sealed class UplinkOptions : IValidatableObject
{
    /// <summary>Messages that may wait.</summary>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>Bytes of messages that may wait.</summary>
    public long QueueCapacityBytes { get; set; } = 64L * 1024 * 1024;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (QueueCapacity is < 1 or > 10_000_000)
            yield return new($"Uplink:QueueCapacity is {QueueCapacity}: it must be between 1 and 10000000 messages.");
        if (QueueCapacityBytes is < 64L * 1024 or > 16L * 1024 * 1024 * 1024)
            yield return new($"Uplink:QueueCapacityBytes is {QueueCapacityBytes}: it must be between 65536 (64 KiB) and 17179869184 (16 GiB).");
    }
}

[OptionsValidator]
internal sealed partial class UplinkOptionsValidator : IValidateOptions<UplinkOptions>;
