using System.Buffers.Text;

namespace GpuPlatform.Collector.Drm;

/// <summary>
/// When a card may be read. A sleeping one never: until kernel 6.15 the read wakes it. And an idle one rarely: each read starts its autosuspend
/// delay (5 s) anew, so that a card read every 2 s would never fall asleep. The files asked here belong to the kernel's core, not to the driver.
/// </summary>
internal sealed class RuntimePower(string device, TimeProvider clock)
{
    private const double BusyPercent = 10;
    private const long LongestDelayMilliseconds = 10 * 60 * 1000;

    // Beyond the delay, the time the driver takes to power it down
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(3);

    // Everything one tick reads counts as one touch
    private static readonly TimeSpan OneTouch = TimeSpan.FromSeconds(0.5);

    private readonly KernelFile _status = KernelFile.At(device, "power/runtime_status");
    private readonly KernelFile _control = KernelFile.At(device, "power/control");
    private readonly KernelFile _usage = KernelFile.At(device, "power/runtime_usage");
    private readonly KernelFile _delay = KernelFile.At(device, "power/autosuspend_delay_ms");
    private readonly byte[] _buffer = new byte[64];
    private long? _touchedAt;
    private bool _wasBusy;

    /// <summary>True when the kernel has powered the card down or is about to. What cannot be read, or is not managed, counts as awake.</summary>
    public bool IsAsleep()
    {
        var asleep = Read(_status).StartsWith("suspend"u8);
        if (asleep)
            (_touchedAt, _wasBusy) = (null, false);
        return asleep;
    }

    /// <summary>
    /// False while a read would only keep the card awake: nobody uses it, and it has not been left alone for its delay yet. Once it has and is
    /// still awake, others keep it so and reading harms nobody. True counts as a read.
    /// </summary>
    public bool MayTouch()
    {
        if (_touchedAt is { } touchedAt)
        {
            var since = clock.GetElapsedTime(touchedAt);
            if (since < OneTouch)
                return true;
            if (!_wasBusy && Delay() is { } delay && since < delay + Margin && Number(_usage) is null or 0)
                return false;
        }
        _touchedAt = clock.GetTimestamp();
        return true;
    }

    /// <summary>Takes note of the last utilisation. The floor keeps the noise of our own reading from looking like somebody's work.</summary>
    public void Note(double? utilizationPercent) => _wasBusy = utilizationPercent >= BusyPercent;

    // Null where the card never sleeps, or sleeps at once and is not kept from it by having been read
    private TimeSpan? Delay() =>
        Read(_control).SequenceEqual("auto"u8) && Number(_delay) is >= 0 and <= LongestDelayMilliseconds and var milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private long? Number(KernelFile file) => Utf8Parser.TryParse(Read(file), out long value, out _) ? value : null;

    // Not by the card's reader: that these files say nothing is no error of the card
    private ReadOnlySpan<byte> Read(KernelFile file) =>
        KernelReader.Trim(_buffer.AsSpan(0, Math.Max(0, PosixNative.ReadFile(file.Path, _buffer))));
}
