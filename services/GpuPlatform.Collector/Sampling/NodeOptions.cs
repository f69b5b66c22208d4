using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Sampling;

/// <summary>Configuration section <c>Node</c>.</summary>
internal sealed class NodeOptions : IValidateOptions<NodeOptions>
{
    public const string Section = "Node";
    private const int LongestId = 128;

    /// <summary>The host's id; unset, its machine name in lower case. It names queues too, hence the few characters.</summary>
    public string? Id { get; set; }

    /// <summary>The id in force. Invented readings never mix with a host's real history unless somebody named both alike.</summary>
    public string EffectiveId(string gpuSource) =>
        Id ?? DefaultId(Environment.MachineName) + (gpuSource == SourceInfo.Simulated ? "-simulated" : "");

    public ValidateOptionsResult Validate(string? name, NodeOptions options) =>
        options.Id is null || (options.Id.Length is > 0 and <= LongestId && options.Id.All(IsAccepted))
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Node:Id is '{options.Id}'; accepted are 1 to {LongestId} of the letters a-z and A-Z, digits, '-', '_' and '.'");

    internal static string DefaultId(string machineName)
    {
        var id = string.Concat(machineName.ToLowerInvariant().Select(c => IsAccepted(c) ? c : '-').Take(LongestId - "-simulated".Length));
        return id.Length > 0 ? id : "unnamed";
    }

    private static bool IsAccepted(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}
