using GpuPlatform.Collector.Ollama.Requests;

namespace GpuPlatform.Collector.Guard.Gate;

/// <summary>How the wait of a request ended.</summary>
internal enum HoldEnd
{
    /// <summary>It may go on.</summary>
    Released,

    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>Its client went away, or somebody cancelled it.</summary>
    Gone,
}

/// <summary>A request in the queue of a gate.</summary>
internal sealed class HeldRequest(LlmRequest request)
{
    // Whoever lets it go must not have to do its work
    private readonly TaskCompletionSource<HoldEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LlmRequest Request => request;

    /// <summary>What of it is kept in memory meanwhile, in bytes.</summary>
    public long KeptBytes { get; } = request.RequestBytes;

    public Task<HoldEnd> End => _end.Task;

    public void Finish(HoldEnd end) => _end.TrySetResult(end);
}
