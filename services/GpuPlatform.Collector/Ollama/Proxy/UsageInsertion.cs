using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>The bytes that make a server tell tokens in a stream, and where in the request they go.</summary>
internal static class UsageInsertion
{
    private static readonly byte[] WholeMember = [.. "\"stream_options\":{\"include_usage\":true},"u8];
    private static readonly byte[] WholeValue = [.. """{"include_usage":true}"""u8];
    private static readonly byte[] OnlyOption = [.. "\"include_usage\":true"u8];
    private static readonly byte[] FirstOption = [.. "\"include_usage\":true,"u8];

    /// <summary>Whether streams of an endpoint tell tokens only when asked.</summary>
    public static bool IsFor(LlmEndpoint endpoint) => endpoint.Api == LlmApi.OpenAI && endpoint.Path is "/v1/chat/completions" or "/v1/completions";

    // First in the object, so that a client's own option under another spelling still wins
    public static BodyInsertion? Of(UsageOption option) => option.Form switch
    {
        UsageOptionForm.Absent => new(option.At, 0, WholeMember),
        UsageOptionForm.Null => new(option.At, "null".Length, WholeValue),
        UsageOptionForm.Empty => new(option.At, 0, OnlyOption),
        UsageOptionForm.Silent => new(option.At, 0, FirstOption),
        _ => null,
    };
}

/// <summary>How a request's <c>stream_options</c> speak of usage.</summary>
internal enum UsageOptionForm
{
    /// <summary>There are none.</summary>
    Absent,
    Null,
    Empty,

    /// <summary>They say other things.</summary>
    Silent,
    Included,
    Declined,

    /// <summary>They are no options.</summary>
    Other,
}

/// <summary>A request's <c>stream_options</c>.</summary>
/// <param name="Form">What they say.</param>
/// <param name="At">Where something could be put in.</param>
internal readonly record struct UsageOption(UsageOptionForm Form, int At);
