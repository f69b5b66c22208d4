using System.Text;
using System.Text.Json;

namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>The values of one JSON file with the line of each. Comments and trailing commas are accepted.</summary>
internal sealed class JsonFile(string path)
{
    private const int LargestBytes = 1024 * 1024;
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly List<SettingEntry> _entries = [];
    private byte[] _text = [];
    private int _line = 1;
    private int _linesCountedTo;

    /// <summary>Reads the file; of one that cannot be read or does not parse nothing is used, and the problem is added.</summary>
    public static SettingsLayer Read(string path, List<string> problems)
    {
        try
        {
            return new SettingsLayer(new JsonFile(path).Read(), IsOurs: true);
        }
        catch (JsonException e)
        {
            problems.Add($"{path} line {e.LineNumber + 1} column {e.BytePositionInLine + 1}: {Sentence(e)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            problems.Add($"{path} cannot be read: {e.Message}");
        }
        return new SettingsLayer([], IsOurs: true);
    }

    private List<SettingEntry> Read()
    {
        // Merely to open a pipe waits for its writer, for ever; like a device it has no length
        if (new FileInfo(TargetOf(path)).Length == 0) throw new FormatException("it is empty or no regular file; write {} for no settings");
        using (var file = File.OpenRead(path))
        {
            if (file.Length > LargestBytes) throw new FormatException($"it has {file.Length} bytes; accepted are {LargestBytes}");
            _text = new byte[file.Length];
            file.ReadExactly(_text);
        }
        var json = _text.AsSpan(_text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0);
        if (json.IsEmpty) throw new FormatException("it holds nothing; write {} for no settings");
        var reader = new Utf8JsonReader(json, Lenient);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new FormatException("it holds no object: begin with { and end with }");
        ReadObject(ref reader, parent: "");
        reader.Read();
        return _entries;
    }

    private static string TargetOf(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private void ReadObject(ref Utf8JsonReader reader, string parent)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = parent + TextOf(ref reader);
            reader.Read();
            ReadValue(ref reader, key);
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, string key)
    {
        var origin = $"{path}:{LineOf(reader.TokenStartIndex)}";
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(ref reader, key + ":");
                break;
            case JsonTokenType.StartArray:
                // A list takes the place of an earlier layer's, rather than to be mixed with it item by item
                _entries.Add(new(key, null, origin));
                for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++) ReadValue(ref reader, $"{key}:{i}");
                break;
            default:
                _entries.Add(new(key, reader.TokenType == JsonTokenType.Null ? null : TextOf(ref reader), origin));
                break;
        }
    }

    private string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"line {LineOf(reader.TokenStartIndex)} holds text that is not UTF-8", e);
        }
    }

    // Tokens come in order, so each line is counted once
    private int LineOf(long position)
    {
        var to = (int)Math.Clamp(position, _linesCountedTo, _text.Length);
        _line += _text.AsSpan(_linesCountedTo, to - _linesCountedTo).Count((byte)'\n');
        _linesCountedTo = to;
        return _line;
    }

    private static string Sentence(JsonException e) => e.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];
}
