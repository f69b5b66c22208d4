using GpuPlatform.Collector.Uplink.Spooling;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Logging;

namespace GpuPlatform.Tests.Collector.Uplink.Spooling;

public sealed class SpoolStageTests : IDisposable
{
    private readonly TemporaryTree _tree = new();
    private readonly ManualTimeProvider _time = new();
    private readonly Lines _log = new();

    [Fact]
    public void A_place_that_cannot_be_used_is_said_once_and_tried_again()
    {
        // A file where the folder should be: what a place does that cannot be written, for root too
        _tree.Write("state", "a file");
        using var stage = new SpoolStage(() => new Spool(Path.Combine(_tree.Root, "state", "spool-desk"), SpoolLimits.For(16 << 20), _ => null), _time, _log);
        for (var i = 0; i < 5; i++)
        {
            Assert.False(stage.TryBeReady());
            _time.Advance(SpoolStage.RetryInterval);
        }

        Assert.NotNull(stage.Problem);
        Assert.Equal(5, stage.FailureCount);
        File.Delete(Path.Combine(_tree.Root, "state"));

        Assert.True(stage.TryBeReady());
        Assert.Null(stage.Problem);
        Assert.Collection(_log,
            line => Assert.StartsWith("What the broker does not take cannot be kept on disk, it waits in memory: ", line, StringComparison.Ordinal),
            line => Assert.Equal("What the broker does not take is kept on disk again", line));
    }

    [Fact]
    public void A_disk_that_failed_is_left_alone_for_a_while()
    {
        var attempts = 0;
        using var stage = new SpoolStage(() => throw new IOException($"attempt {++attempts}"), _time, _log);
        for (var i = 0; i < 10; i++) stage.TryBeReady();
        _time.Advance(SpoolStage.RetryInterval - TimeSpan.FromSeconds(1));
        stage.TryBeReady();
        Assert.Equal(1, attempts);

        _time.Advance(TimeSpan.FromSeconds(1));
        stage.TryBeReady();
        Assert.Equal(2, attempts);
    }

    [Fact]
    public void A_full_disk_with_nothing_to_write_is_found_to_have_room_again()
    {
        using var files = new SpoolFiles();
        var disk = new SmallDisk();
        using var stage = new SpoolStage(() => files.Open(write: disk.Write), _time, _log);
        Assert.True(stage.TryBeReady());
        stage.Append([SpoolFiles.Message(1)], []);
        Assert.Contains("No space left", stage.Problem, StringComparison.Ordinal);
        _time.Advance(SpoolStage.RetryInterval);
        Assert.False(stage.TryBeReady());
        disk.FreeBytes = 10_000;
        _time.Advance(SpoolStage.RetryInterval);

        Assert.True(stage.TryBeReady());
        Assert.Null(stage.Problem);
        Assert.DoesNotContain(files.Segments, path => new FileInfo(path).Length > 0);
    }

    public void Dispose() => _tree.Dispose();

    private sealed class Lines : List<string>, ILogger<SpoolStage>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }
}
