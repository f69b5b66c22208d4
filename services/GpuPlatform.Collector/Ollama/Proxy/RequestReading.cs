using System.Text.Json;
using GpuPlatform.Collector.Ollama.Requests;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>What a request's JSON asks for, as far as it can be read; of what is no JSON, or only its beginning, less is known. Never throws.</summary>
internal ref struct RequestReading
{
    private const int MaxModelBytes = 512, MaxDepth = 1000;

    private Utf8JsonReader _reader;
    private string? _model;
    private bool? _stream;
    private bool _asksForSomething;
    private bool _endsAtOnce;
    private int? _contextLength;
    private int _membersFrom;
    private int _usageCount;
    private UsageOption _usage;

    private RequestReading(ReadOnlySpan<byte> body, bool isWhole) =>
        _reader = new Utf8JsonReader(body, isWhole, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));

    /// <param name="body">The body, or its beginning.</param>
    /// <param name="endpoint">Where it was sent.</param>
    /// <param name="isWhole">Whether that is all of it.</param>
    /// <param name="insertion">What to put in, so that the server tells tokens in a stream; null when nothing is to be put in.</param>
    public static RequestFacts Of(ReadOnlySpan<byte> body, LlmEndpoint endpoint, bool isWhole, out BodyInsertion? insertion)
    {
        var reading = new RequestReading(body, isWhole);
        var isValid = false;
        try
        {
            isValid = reading.ReadObject() && isWhole && !reading._reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The server will say what is wrong with it
        }
        insertion = isValid && UsageInsertion.IsFor(endpoint) && reading._stream == true && reading._usageCount <= 1
            ? UsageInsertion.Of(reading._usageCount == 0 ? new UsageOption(UsageOptionForm.Absent, reading._membersFrom) : reading._usage)
            : null;
        return new RequestFacts
        {
            Model = reading._model,
            Stream = reading._stream,
            IncludesUsage = reading._usage.Form == UsageOptionForm.Included,
            LoadOnly = isValid && !reading._asksForSomething && (endpoint.Path is "/api/generate" or "/api/chat"),
            Unloads = isValid && !reading._asksForSomething && reading._endsAtOnce && (endpoint.Path is "/api/generate" or "/api/chat"),
            ContextLength = reading._contextLength,
        };
    }

    private bool ReadObject()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) return false;
        _membersFrom = (int)_reader.TokenStartIndex + 1;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            if (!ReadMember()) return false;
        return _reader.TokenType == JsonTokenType.EndObject && _reader.CurrentDepth == 0;
    }

    // Of a member that is there twice the last counts, as it does for the servers
    private bool ReadMember()
    {
        if (_reader.ValueTextEquals("model"u8)) return Next() && ReadModel();
        if (_reader.ValueTextEquals("stream"u8)) return Next() && ReadStream();
        if (_reader.ValueTextEquals("stream_options"u8)) return Next() && ReadUsage();
        if (_reader.ValueTextEquals("options"u8)) return Next() && ReadOptions();
        if (_reader.ValueTextEquals("keep_alive"u8)) return Next() && ReadKeepAlive();
        if (_reader.ValueTextEquals("prompt"u8) || _reader.ValueTextEquals("messages"u8)) return Next() && ReadQuestion();
        return Next() && _reader.TrySkip();
    }

    private bool Next() => _reader.Read();

    private bool ReadModel()
    {
        if (_reader.TokenType == JsonTokenType.String && _reader.ValueSpan.Length <= MaxModelBytes) _model = _reader.GetString();
        return _reader.TrySkip();
    }

    private bool ReadStream()
    {
        _stream = _reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };
        return _reader.TrySkip();
    }

    private bool ReadQuestion()
    {
        var isArray = _reader.TokenType == JsonTokenType.StartArray;
        if (!isArray)
        {
            _asksForSomething |= _reader.TokenType == JsonTokenType.String ? !_reader.ValueSpan.IsEmpty : _reader.TokenType != JsonTokenType.Null;
            return _reader.TrySkip();
        }
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            _asksForSomething = true;
            if (!_reader.TrySkip()) return false;
        }
        return _reader.TokenType == JsonTokenType.EndArray;
    }

    private bool ReadOptions()
    {
        if (_reader.TokenType != JsonTokenType.StartObject) return _reader.TrySkip();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContext = _reader.ValueTextEquals("num_ctx"u8);
            if (!Next()) return false;
            if (isContext && _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out var length)) _contextLength = length;
            if (!_reader.TrySkip()) return false;
        }
        return _reader.TokenType == JsonTokenType.EndObject;
    }

    // A number of seconds or a duration in Go's words, of which 0, "0s" and "0h0.0m" are nothing
    private bool ReadKeepAlive()
    {
        _endsAtOnce = _reader.TokenType is JsonTokenType.Number or JsonTokenType.String && _reader.ValueSpan.Contains((byte)'0')
            && !_reader.ValueSpan.ContainsAnyInRange((byte)'1', (byte)'9');
        return _reader.TrySkip();
    }

    private bool ReadUsage()
    {
        _usageCount++;
        var at = (int)_reader.TokenStartIndex;
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _usage = new(_reader.TokenType == JsonTokenType.Null ? UsageOptionForm.Null : UsageOptionForm.Other, at);
            return _reader.TrySkip();
        }
        _usage = new(UsageOptionForm.Empty, at + 1);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = _reader.ValueTextEquals("include_usage"u8);
            if (!Next()) return false;
            if (isUsage) _usage = _usage with { Form = _reader.TokenType == JsonTokenType.True ? UsageOptionForm.Included : UsageOptionForm.Declined };
            else if (_usage.Form == UsageOptionForm.Empty) _usage = _usage with { Form = UsageOptionForm.Silent };
            if (!_reader.TrySkip()) return false;
        }
        return _reader.TokenType == JsonTokenType.EndObject;
    }
}
