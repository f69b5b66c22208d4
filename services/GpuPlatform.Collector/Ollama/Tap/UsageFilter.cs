namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>
/// Takes out of a stream what is there only because the proxy asked for usage: the event that has nothing else, and the empty member in the others. No other
/// byte changes. An event is given back when it is whole, since no client can use a part of it; only one that is longer than
/// <see cref="MaxEventBytes"/> passes as it comes, unlooked at.
/// </summary>
internal sealed class UsageFilter : IDisposable
{
    /// <summary>An event of a completion that brings a megabyte at once is still looked at.</summary>
    public const int MaxEventBytes = 2 << 20;

    private PooledBytes _held;
    private PooledBytes _output;
    private EventEnd _end;
    private bool _passing;
    private bool _dropped;

    /// <summary>Takes what came, and gives what the client is to get now. That is valid until the next call; nothing is allocated.</summary>
    public ReadOnlyMemory<byte> Filter(ReadOnlyMemory<byte> read)
    {
        _output.Clear();
        var rest = PastLeftover(read.Span);
        while (!rest.IsEmpty)
        {
            if (_end.Find(rest) is not { } length)
            {
                Hold(rest);
                break;
            }
            Take(rest[..length]);
            rest = rest[length..];
        }
        return _output.Memory;
    }

    /// <summary>The stream has ended: gives what was held of an event without its end.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        _output.Clear();
        Take([]);
        return _output.Memory;
    }

    public void Dispose()
    {
        _held.Dispose();
        _output.Dispose();
    }

    // A read can end between the CR and the LF of an event's last line: the LF goes where the event went
    private ReadOnlySpan<byte> PastLeftover(ReadOnlySpan<byte> bytes)
    {
        var betweenEvents = _held.Length == 0 && !_passing;
        if (!betweenEvents || !_end.AfterReturn || bytes is not [(byte)'\n', ..]) return bytes;
        if (!_dropped) _output.Append("\n"u8);
        _end = default;
        return bytes[1..];
    }

    private void Hold(ReadOnlySpan<byte> part)
    {
        if (!_passing && _held.Length + part.Length <= MaxEventBytes)
        {
            _held.Append(part);
            return;
        }
        _passing = true;
        Release();
        _output.Append(part);
    }

    private void Take(ReadOnlySpan<byte> lastPart)
    {
        if (_passing || _held.Length + lastPart.Length > MaxEventBytes)
        {
            Release();
            _output.Append(lastPart);
        }
        else if (_held.Length == 0)
        {
            Keep(lastPart);
        }
        else
        {
            _held.Append(lastPart);
            Keep(_held.Span);
            _held.Clear();
        }
        _passing = false;
    }

    private void Release()
    {
        _output.Append(_held.Span);
        _held.Clear();
    }

    private void Keep(ReadOnlySpan<byte> whole)
    {
        var (start, length) = UsageEvent.Find(whole);
        _output.Append(whole[..start]);
        _output.Append(whole[(start + length)..]);
        _dropped = length > 0 && length == whole.Length;
    }
}
