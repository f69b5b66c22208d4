namespace GpuPlatform.Collector.Guard.ProcessEvents;

/// <summary>A way to learn that processes came or went.</summary>
internal interface IProcessNews : IDisposable
{
    /// <summary>Blocks until something happened, adds it and returns true; false when it was stopped. Throws an <see cref="IOException"/> when it can no longer know.</summary>
    bool Wait(List<ProcessEvent> events);

    /// <summary>Ends <see cref="Wait"/> at once, and for good. From any thread.</summary>
    void Stop();
}
