using System.Buffers;
using System.Text;

namespace GpuPlatform.Collector.Processes.Steam;

/// <summary>A block of Valve's text format (<c>libraryfolders.vdf</c>, <c>appmanifest_*.acf</c>). Names are told apart without regard to case.</summary>
internal sealed class ValveBlock
{
    public Dictionary<string, string> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, ValveBlock> Blocks { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>
/// Reads Valve's text format: names and values in quotes or bare, blocks in braces, comments after two slashes, conditions in brackets. The
/// files lie in users' homes, so that anybody may have written them: depth is bounded here, size by whoever reads the file.
/// </summary>
internal ref struct ValveText
{
    private const int MostDepth = 16;

    private static readonly SearchValues<char> AfterWord = SearchValues.Create(" \t\r\n\"{}");

    private ReadOnlySpan<char> _rest;

    private enum Token
    {
        End,
        Text,
        Open,
        Close,
        Damaged,
    }

    /// <summary>Null when it is no such text, for instance because it is being written.</summary>
    // Of a name that stands twice the first counts, as in an environment
    public static ValveBlock? Parse(ReadOnlySpan<char> text)
    {
        var reader = new ValveText { _rest = text };
        var (root, open) = (new ValveBlock(), new Stack<ValveBlock>());
        var block = root;
        while (true)
        {
            switch (reader.Next(out var name))
            {
                case Token.End:
                    return open.Count == 0 ? root : null;
                case Token.Close when open.TryPop(out var outer):
                    block = outer;
                    continue;
                case Token.Text:
                    break;
                default:
                    return null;
            }
            switch (reader.Next(out var value))
            {
                case Token.Text:
                    block.Values.TryAdd(name, value);
                    break;
                case Token.Open when open.Count < MostDepth:
                    var inner = new ValveBlock();
                    block.Blocks.TryAdd(name, inner);
                    open.Push(block);
                    block = inner;
                    break;
                default:
                    return null;
            }
        }
    }

    private Token Next(out string text)
    {
        text = "";
        SkipBlanks();
        if (_rest.IsEmpty)
            return Token.End;
        switch (_rest[0])
        {
            case '{':
                _rest = _rest[1..];
                return Token.Open;
            case '}':
                _rest = _rest[1..];
                return Token.Close;
            case '"':
                return Quoted(out text);
            case '\0':
                return Token.Damaged;
            default:
                var end = _rest.IndexOfAny(AfterWord);
                text = (end < 0 ? _rest : _rest[..end]).ToString();
                _rest = _rest[text.Length..];
                return Token.Text;
        }
    }

    private Token Quoted(out string text)
    {
        var found = new StringBuilder();
        for (var i = 1; i < _rest.Length; i++)
        {
            if (_rest[i] == '"')
            {
                text = found.ToString();
                _rest = _rest[(i + 1)..];
                return Token.Text;
            }
            if (_rest[i] == '\\' && i + 1 < _rest.Length)
                found.Append(_rest[++i] switch { 'n' => '\n', 't' => '\t', var other => other });
            else
                found.Append(_rest[i]);
        }
        text = "";
        return Token.Damaged;
    }

    private void SkipBlanks()
    {
        while (true)
        {
            _rest = _rest.TrimStart(" \t\r\n\ufeff");
            var end = _rest.StartsWith("//") ? _rest.IndexOf('\n') : _rest.StartsWith("[$") || _rest.StartsWith("[!") ? _rest.IndexOf(']') : -2;
            if (end == -2)
                return;
            _rest = end < 0 ? [] : _rest[(end + 1)..];
        }
    }
}
