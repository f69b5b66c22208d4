using GpuPlatform.Contracts;

namespace GpuPlatform.History.Live;

/// <summary>The newest details of one GPU. What was read before the GPU fell silent says nothing of the present, in whatever order it is heard of.</summary>
internal sealed class DetailState
{
    private GpuDetails? _details;
    private DateTimeOffset _readAt;
    private DateTimeOffset _silentAt;

    /// <summary>Null when none were read since the GPU last did not answer.</summary>
    public GpuDetails? Current => _details is not null && _readAt > _silentAt ? _details with { ReadAt = _readAt } : null;

    public void Read(GpuDetails details, DateTimeOffset at)
    {
        if (_details is null || at > _readAt)
            (_details, _readAt) = (details, at);
    }

    public void FallSilent(DateTimeOffset at)
    {
        if (at > _silentAt)
            _silentAt = at;
    }
}
