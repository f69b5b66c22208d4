using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Section <c>Uplink</c>: how much may wait while the broker is out of reach. Beyond either bound the oldest is dropped.</summary>
internal sealed class UplinkOptions
{
    /// <summary>Messages that may wait.</summary>
    [Range(1, 10_000_000, ErrorMessage = "Uplink:QueueCapacity must be between 1 and 10000000 messages.")]
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>Bytes of messages that may wait.</summary>
    [Range(65_536d, 17_179_869_184d, ErrorMessage = "Uplink:QueueCapacityBytes must be between 65536 (64 KiB) and 17179869184 (16 GiB).")]
    public long QueueCapacityBytes { get; set; } = 64L * 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class UplinkOptionsValidator : IValidateOptions<UplinkOptions>;
