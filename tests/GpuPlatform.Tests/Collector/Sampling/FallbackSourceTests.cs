using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class FallbackSourceTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SourceDouble _first = new();
    private readonly SourceDouble _second = new();
    private readonly FallbackSource _source;

    public FallbackSourceTests() => _source = new FallbackSource(_first, _second, TimeSpan.FromSeconds(10), _clock);

    public void Dispose() => _source.Dispose();

    [Fact]
    public void The_second_is_not_touched_while_the_first_reads()
    {
        Assert.True(_source.Open());
        Assert.Same(_first.Gpus, _source.Gpus);
        Assert.Equal((1, 0), (_first.OpenCount, _second.OpenCount));
    }

    [Fact]
    public void The_second_reads_while_the_first_cannot_and_the_first_takes_over_again()
    {
        _first.Available = false;
        for (var i = 0; i < 10; i++, _clock.Advance(TimeSpan.FromSeconds(2)))
            Assert.True(_source.Open());
        Assert.Same(_second.Gpus, _source.Gpus);
        Assert.Equal((2, 10), (_first.OpenCount, _second.OpenCount));
        _first.Available = true;
        _source.Open();
        Assert.Same(_first.Gpus, _source.Gpus);
    }

    [Fact]
    public void When_neither_reads_the_firsts_reason_counts()
    {
        _first.Available = _second.Available = false;
        Assert.False(_source.Open());
        Assert.Equal("no driver", _source.Info.UnavailableReason);
        Assert.Empty(_source.Gpus);
    }
}
