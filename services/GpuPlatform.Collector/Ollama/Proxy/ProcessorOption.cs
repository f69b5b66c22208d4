using System.Text;
using System.Text.Json;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>
/// Where <c>"num_gpu":0</c> goes in a request of Ollama's own API, so that its model runs on the processor. What is written in two ways, of which the
/// server might take the other, is left alone: it would use the GPU after all.
/// </summary>
internal ref struct ProcessorOption
{
    private static readonly byte[] WholeMember = [.. "\"options\":{\"num_gpu\":0},"u8];
    private static readonly byte[] OnlyMember = [.. "\"options\":{\"num_gpu\":0}"u8];
    private static readonly byte[] WholeValue = [.. "{\"num_gpu\":0}"u8];
    private static readonly byte[] OnlyOption = [.. "\"num_gpu\":0"u8];
    private static readonly byte[] FirstOption = [.. "\"num_gpu\":0,"u8];
    private static readonly byte[] Zero = [.. "0"u8];
    private const int MaxDepth = 1000;

    private Utf8JsonReader _reader;
    private BodyInsertion? _found;
    private int _optionsCount;

    private ProcessorOption(ReadOnlySpan<byte> body) => _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });

    /// <summary>Null when the body is no JSON object, or speaks of its options in a way that leaves a doubt.</summary>
    public static BodyInsertion? Find(ReadOnlySpan<byte> body)
    {
        try
        {
            var option = new ProcessorOption(body);
            return option.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The server will say what is wrong with it
            return null;
        }
    }

    private BodyInsertion? Read()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) return null;
        var (from, isEmpty) = ((int)_reader.TokenStartIndex + 1, true);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            // Go takes any case for the same member
            var isOptions = _reader.ValueIsEscaped ? IsOptions(Encoding.UTF8.GetBytes(_reader.GetString()!)) : IsOptions(_reader.ValueSpan);
            _reader.Read();
            if (isOptions && (++_optionsCount > 1 || !TryReadOptions())) return null;
            if (!isOptions) _reader.Skip();
        }
        if (_reader.Read()) return null;
        return _optionsCount == 0 ? new BodyInsertion(from, 0, isEmpty ? OnlyMember : WholeMember) : _found;
    }

    private static bool IsOptions(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(name, "options"u8);

    private bool TryReadOptions()
    {
        var at = (int)_reader.TokenStartIndex;
        if (_reader.TokenType == JsonTokenType.Null) _found = new BodyInsertion(at, "null".Length, WholeValue);
        if (_reader.TokenType != JsonTokenType.StartObject) return _reader.TokenType == JsonTokenType.Null;
        var (isEmpty, count) = (true, 0);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isLayers = _reader.ValueTextEquals("num_gpu"u8);
            _reader.Read();
            var value = (int)_reader.TokenStartIndex;
            _reader.Skip();
            if (!isLayers) continue;
            if (++count > 1) return false;
            _found = new BodyInsertion(value, (int)_reader.BytesConsumed - value, Zero);
        }
        _found ??= new BodyInsertion(at + 1, 0, isEmpty ? OnlyOption : FirstOption);
        return true;
    }
}
