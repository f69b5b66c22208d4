namespace GpuPlatform.Collector.Guard.Gate;

/// <summary>What the gate says to a request.</summary>
/// <param name="Held">Its place in the queue; null when it does not wait.</param>
/// <param name="Refusal">Why it may not go on, for its client; null when it may, or waits.</param>
internal readonly record struct GateAnswer(HeldRequest? Held, string? Refusal)
{
    /// <summary>The request may go on if it leaves the GPU alone.</summary>
    public bool NeedsProcessor { get; init; }

    /// <summary>The request may go on as it is.</summary>
    public bool Passes => Held is null && Refusal is null && !NeedsProcessor;
}
