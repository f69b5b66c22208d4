using GpuPlatform.Collector.Drm;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Drm;

public sealed class AllocationTests : IDisposable
{
    private readonly DrmFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_cheap_tier_allocates_nothing()
    {
        Captures.WriteRadeon(_host.Tree);
        Captures.WriteArc(_host.Tree);
        Captures.WriteIntelChip(_host.Tree, number: 2);
        _host.Client(100, 7, "/dev/dri/renderD130", "drm-driver:\ti915\ndrm-client-id:\t1\ndrm-pdev:\t0000:00:02.0\ndrm-engine-render:\t5000 ns\n");
        var holders = new DrmHolders(_host.Tree.Root, DrmFixture.MinorOf, TimeProvider.System, _host.Counter);
        using var source = new DrmSource(new DrmHost(_host.Tree.Root, holders, TimeProvider.System, _host.Counter), TimeSpan.FromHours(1));
        Assert.True(source.Open());
        var gpus = source.Gpus.ToArray();
        Assert.Equal(3, gpus.Length);
        ReadAll(gpus, source, rounds: 50);
        Assert.Equal(0, Allocated.Bytes(() => ReadAll(gpus, source, rounds: 200)));
    }

    private static void ReadAll(IGpu[] gpus, DrmSource source, int rounds)
    {
        var reading = default(GpuReading);
        for (var round = 0; round < rounds; round++)
        {
            source.Open();
            foreach (var gpu in gpus)
                if (!gpu.IsAsleep())
                    gpu.Read(ref reading);
        }
    }
}
