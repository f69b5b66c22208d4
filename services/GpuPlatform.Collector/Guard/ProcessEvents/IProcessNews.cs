namespace GpuPlatform.Collector.Guard.ProcessEvents;

/// <summary>A way to learn that processes came or went.</summary>
internal interface IProcessNews : IDisposable
{
    /// <summary>Blocks until something happened: true, or until it was stopped: false. Throws an <see cref="IOException"/> when it can no longer know.</summary>
    bool Wait();

    /// <summary>Ends <see cref="Wait"/> at once, and for good. From any thread.</summary>
    void Stop();
}
