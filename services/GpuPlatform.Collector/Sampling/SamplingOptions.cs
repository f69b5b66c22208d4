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

    /// <summary>Time between two samples: the cheap readings of every GPU.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between two readings of the dearer values: clocks, fans, throttling, error counters.</summary>
    public TimeSpan DetailInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two readings of the process lists, the dearest call of all.</summary>
    public TimeSpan ProcessInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The same while a game runs.</summary>
    public TimeSpan GameProcessInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time between two heartbeats of the host.</summary>
    public TimeSpan HostInterval { get; set; } = TimeSpan.FromSeconds(5);

    public ValidateOptionsResult Validate(string? name, SamplingOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        Check(problems, "Sampling:Interval", options.Interval);
        Check(problems, "Sampling:DetailInterval", options.DetailInterval);
        Check(problems, "Sampling:ProcessInterval", options.ProcessInterval);
        Check(problems, "Sampling:GameProcessInterval", options.GameProcessInterval);
        Check(problems, "Sampling:HostInterval", options.HostInterval);
        return problems.Build();
    }

    private static void Check(ValidateOptionsResultBuilder problems, string key, TimeSpan value)
    {
        if (value < Shortest || value > Longest)
            problems.AddError($"{key} is {value}; accepted are {Shortest} to {Longest}");
    }
}
