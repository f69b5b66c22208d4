using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Guard.Gate;

/// <summary>What of configuration section <c>Guard</c> concerns requests that wait.</summary>
internal sealed class GateOptions : IValidateOptions<GateOptions>
{
    public const string Section = "Guard";

    private const int MostHeld = 10_000;
    private const long FewestBytes = 8L << 20;
    private const long MostBytes = 64L << 30;
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(1);

    /// <summary>How long a request waits for its GPU at most.</summary>
    public TimeSpan HoldDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many requests may wait at each server.</summary>
    public int HoldLimit { get; set; } = 100;

    /// <summary>How much memory the bodies of those may take at each server.</summary>
    public long HoldMemoryBytes { get; set; } = 128L << 20;

    /// <summary>Whether clients of streams are sent comments while they wait.</summary>
    public bool HoldComments { get; set; }

    public ValidateOptionsResult Validate(string? name, GateOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.HoldDeadline < ShortestDeadline || options.HoldDeadline > LongestDeadline)
            problems.AddError($"Guard:HoldDeadline is {options.HoldDeadline}; accepted are {ShortestDeadline} to {LongestDeadline}");
        if (options.HoldLimit is < 0 or > MostHeld)
            problems.AddError($"Guard:HoldLimit is {options.HoldLimit}; accepted are 0 to {MostHeld}");
        if (options.HoldMemoryBytes is < FewestBytes or > MostBytes)
            problems.AddError($"Guard:HoldMemoryBytes is {options.HoldMemoryBytes}; accepted are {FewestBytes} to {MostBytes}");
        return problems.Build();
    }
}
