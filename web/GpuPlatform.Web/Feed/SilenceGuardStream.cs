namespace GpuPlatform.Web.Feed;

/// <summary>
/// Watches the bytes below the event parser, which swallows heartbeat comments: a read without a byte for <paramref name="silence"/> fails,
/// so that a half-open connection is noticed. Also bounds what one event may weigh, because the parser buffers it whole.
/// </summary>
internal sealed class SilenceGuardStream(Stream inner, TimeSpan silence, TimeProvider time) : Stream
{
    public const int MaxEventBytes = 16 * 1024 * 1024;

    private long _bytesSinceEvent;

    /// <summary>To be called after each event that came out of the parser.</summary>
    public void EventRead() => _bytesSinceEvent = 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var timeout = new CancellationTokenSource(silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing was heard for {silence.TotalSeconds:0} s", exception);
        }
        _bytesSinceEvent += read;
        return _bytesSinceEvent <= MaxEventBytes ? read : throw new InvalidDataException($"an event is larger than {MaxEventBytes} bytes");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
