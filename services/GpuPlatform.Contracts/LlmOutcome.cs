using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>How a request at a model server ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LlmOutcome>))]
public enum LlmOutcome
{
    /// <summary>With its terminal marker: the reply is whole.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>The client went away, or the request was cancelled by hand, before the reply was whole.</summary>
    [JsonStringEnumMemberName("aborted")]
    Aborted,

    /// <summary>The server answered an error, broke the stream, could not be reached, or ended the reply without its terminal marker.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was not let through: the server was busy (503), or the proxy refused it.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}
