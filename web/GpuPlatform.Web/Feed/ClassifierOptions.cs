using Microsoft.Extensions.Options;

namespace GpuPlatform.Web.Feed;

/// <summary>Configuration section <c>Classifier</c>: where rules are sent to.</summary>
internal sealed class ClassifierOptions
{
    /// <summary>Section name.</summary>
    public const string Section = "Classifier";

    /// <summary>Absolute http or https address; a bare service name such as the default is resolved by service discovery.</summary>
    public string BaseAddress { get; set; } = "http://classifier";
}

internal sealed class ClassifierOptionsValidator : IValidateOptions<ClassifierOptions>
{
    public ValidateOptionsResult Validate(string? name, ClassifierOptions options) =>
        Uri.TryCreate(options.BaseAddress, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ClassifierOptions.Section}:{nameof(ClassifierOptions.BaseAddress)} is '{options.BaseAddress}': "
                + "give an absolute http or https address, for instance http://localhost:5102");
}
