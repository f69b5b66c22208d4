using Microsoft.Extensions.Options;

namespace GpuPlatform.Web.Feed;

/// <summary>Configuration section <c>History</c>: where the history service is.</summary>
internal sealed class HistoryOptions
{
    /// <summary>Section name.</summary>
    public const string Section = "History";

    /// <summary>Absolute http or https address; a bare service name such as the default is resolved by service discovery.</summary>
    public string BaseAddress { get; set; } = "http://history";
}

internal sealed class HistoryOptionsValidator : IValidateOptions<HistoryOptions>
{
    public ValidateOptionsResult Validate(string? name, HistoryOptions options) =>
        Uri.TryCreate(options.BaseAddress, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{HistoryOptions.Section}:{nameof(HistoryOptions.BaseAddress)} is '{options.BaseAddress}': "
                + "give an absolute http or https address, for instance http://localhost:5103");
}
