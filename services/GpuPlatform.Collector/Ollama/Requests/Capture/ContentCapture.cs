using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Requests.Capture;

/// <summary>What was asked and answered in one request, kept because somebody switched that on. There is none while it is off.</summary>
internal sealed class ContentCapture(IHeaderDictionary headers, int limit)
{
    private readonly (SortedDictionary<string, string> Kept, bool IsCut) _headers = CapturedHeaders.Of(headers);
    private readonly CapturedBody _request = new(limit);
    private readonly CapturedBody _reply = new(limit);

    /// <summary>Takes the next bytes of the request's body. Never throws.</summary>
    public void ReadRequest(ReadOnlySpan<byte> bytes) => _request.Add(bytes);

    /// <summary>Takes the next bytes of the reply's body. Never throws.</summary>
    public void Read(ReadOnlySpan<byte> bytes) => _reply.Add(bytes);

    public LlmContent ToContent() => new()
    {
        Request = _request.ToText(),
        Response = _reply.ToText(),
        RequestHeaders = _headers.Kept,
        Truncated = _request.IsCut || _reply.IsCut || _headers.IsCut,
    };
}
