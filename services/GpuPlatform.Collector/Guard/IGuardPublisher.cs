using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Where news of hand-overs go. Never blocks.</summary>
internal interface IGuardPublisher
{
    void Publish(GuardChanged message);
}
