using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Sampling;

/// <summary>Configuration section <c>Sampling</c>.</summary>
internal sealed class SamplingOptions : IValidateOptions<SamplingOptions>
{
    public const string Section = "Sampling";

    /// <summary>A sample older than this many intervals is history: it is no longer served as the present.</summary>
    public const int StaleAfterIntervals = 5;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Time between two GPU readings.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between two heartbeats of the host.</summary>
    public TimeSpan HostInterval { get; set; } = TimeSpan.FromSeconds(5);

    public ValidateOptionsResult Validate(string? name, SamplingOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        Check(problems, "Sampling:Interval", options.Interval);
        Check(problems, "Sampling:HostInterval", options.HostInterval);
        return problems.Build();
    }

    private static void Check(ValidateOptionsResultBuilder problems, string key, TimeSpan value)
    {
        if (value < Shortest || value > Longest)
            problems.AddError($"{key} is {value}; accepted are {Shortest} to {Longest}");
    }
}
