using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace GpuPlatform.ServiceDefaults.Outgoing;

/// <summary>Section <c>Outgoing</c>: how long and how often HTTP calls to other services are tried. Time runs until the headers are there.</summary>
internal sealed class OutgoingOptions : IValidatableObject
{
    /// <summary>Time for one attempt of a call that may be repeated.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for all attempts together with the pauses between them.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts after the first; 0 switches repeating off.</summary>
    public int RetryCount { get; set; } = 3;

    /// <summary>Pause before the first repetition; it doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest <c>Retry-After</c> that is waited for; an answer that asks for more is given back as it is.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var shortest = TimeSpan.FromMilliseconds(100);
        var results = new[]
        {
            Between(nameof(AttemptTimeout), AttemptTimeout, shortest, TimeSpan.FromHours(1)),
            Between(nameof(TotalTimeout), TotalTimeout, shortest, TimeSpan.FromHours(1)),
            Between(nameof(RetryCount), RetryCount, 0, 10),
            Between(nameof(RetryDelay), RetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            Between(nameof(MaxRetryAfter), MaxRetryAfter, TimeSpan.Zero, TimeSpan.FromHours(1)),
            AttemptTimeout > TotalTimeout
                ? new($"Outgoing:AttemptTimeout ({AttemptTimeout}) must not be longer than Outgoing:TotalTimeout ({TotalTimeout}).")
                : null,
        };
        return results.OfType<ValidationResult>();
    }

    private static ValidationResult? Between<T>(string name, T value, T lowest, T highest) where T : IComparable<T> =>
        value.CompareTo(lowest) >= 0 && value.CompareTo(highest) <= 0 ? null : new($"Outgoing:{name} is {value}: it must be between {lowest} and {highest}.");
}

[OptionsValidator]
internal sealed partial class OutgoingOptionsValidator : IValidateOptions<OutgoingOptions>;
