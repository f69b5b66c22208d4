using System.Text.Json;

namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>What of one server-sent event of a completion is there only because usage was asked for.</summary>
internal static class UsageEvent
{
    /// <summary>The part to take out; of length 0 when the event is to stay as it is, which holds for all that is not understood.</summary>
    public static (int Start, int Length) Find(ReadOnlySpan<byte> whole)
    {
        if (whole.IndexOf("\"usage\""u8) < 0 || !TryFindData(whole, out var line, out var data)) return default;
        try
        {
            var (start, length, isAll) = Look(whole[data]);
            return isAll ? line.GetOffsetAndLength(whole.Length) : (start + data.Start.Value, length);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    // The line is the whole event when it has no other
    private static bool TryFindData(ReadOnlySpan<byte> whole, out Range line, out Range data)
    {
        (line, data) = (default, default);
        var lines = 0;
        for (var at = 0; at < whole.Length;)
        {
            var length = whole[at..].IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0) length = whole.Length - at;
            var next = at + length < whole.Length ? at + length + 1 : whole.Length;
            if (next < whole.Length && whole[next - 1] == '\r' && whole[next] == '\n') next++;
            if (length > 0) lines++;
            if (whole.Slice(at, length).StartsWith("data:"u8))
            {
                // The parts of a document in several lines are left alone
                if (data.End.Value > 0) return false;
                (line, data) = (at..next, (at + "data:".Length)..(at + length));
            }
            at = next;
        }
        if (lines == 1) line = ..whole.Length;
        return data.End.Value > 0;
    }

    private static (int Start, int Length, bool IsAll) Look(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        var (start, end) = (0, 0);
        bool noChoices = false, isObject = false, isEmpty = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8))
            {
                start = (int)reader.TokenStartIndex;
                reader.Read();
                isObject = reader.TokenType == JsonTokenType.StartObject;
                isEmpty = IsEmpty(ref reader);
                end = (int)reader.BytesConsumed;
            }
            else if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                noChoices = IsEmptyArray(reader);
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }
        // Whatever stands behind the document makes it none
        while (reader.Read()) reader.Skip();
        if (end == 0) return default;
        if (isObject && noChoices) return (0, 0, true);
        return isEmpty ? Member(document, start, end) : default;
    }

    private static bool IsEmptyArray(Utf8JsonReader ahead) =>
        ahead.TokenType == JsonTokenType.StartArray && ahead.Read() && ahead.TokenType == JsonTokenType.EndArray;

    // Null, or an object of nothing but zeros: leaves the reader at its last token
    private static bool IsEmpty(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var isEmpty = reader.TokenType is JsonTokenType.Null or JsonTokenType.StartObject;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return isEmpty;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            isEmpty &= reader.TokenType is JsonTokenType.Null or JsonTokenType.StartObject or JsonTokenType.EndObject or JsonTokenType.PropertyName
                || (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && number == 0);
        }
        return isEmpty;
    }

    // With the comma that it needs
    private static (int Start, int Length, bool IsAll) Member(ReadOnlySpan<byte> document, int start, int end)
    {
        var before = document[..start].TrimEnd(" \t"u8);
        if (before is [.., (byte)','])
        {
            start = before.Length - 1;
        }
        else if (document[end..].TrimStart(" \t"u8) is [(byte)',', .. var after])
        {
            end = document.Length - after.TrimStart(" \t"u8).Length;
        }
        return (start, end - start, false);
    }
}
