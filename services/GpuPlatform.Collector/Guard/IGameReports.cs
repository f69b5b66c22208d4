namespace GpuPlatform.Collector.Guard;

/// <summary>Games that announce themselves, to Feral's GameMode for instance, whatever the driver and the classifier say of them.</summary>
internal interface IGameReports
{
    /// <summary>What is reported, in words; null while no game is.</summary>
    string? Running { get; }

    /// <summary>Raised when that changes, on any thread: must be quick.</summary>
    event Action? Changed;
}
