using System.Buffers.Text;

namespace GpuPlatform.Collector.Drm;

/// <summary>How a driver tells how long engines were busy.</summary>
internal enum EngineClock
{
    /// <summary>Not at all, or in a way that says nothing of the present (amdgpu before 5.19).</summary>
    None,

    Nanoseconds,

    /// <summary>xe: cycles of the engine, and of all that passed.</summary>
    Cycles,
}

/// <summary>
/// What <c>/proc/PID/fdinfo/FD</c> says of one client of a DRM driver: the kernel's drm-usage-stats, and what amdgpu printed before there were
/// such. Whatever is unknown or malformed is passed over.
/// </summary>
internal ref struct Fdinfo
{
    private ReadOnlySpan<byte> _driver;
    private Sizes _local;
    private Sizes _system;

    public EngineValues<ulong> Busy;
    public EngineValues<ulong> Total;
    public EngineValues<ulong> Capacity;

    /// <summary>Bus address of the card; empty where it is not said.</summary>
    public ReadOnlySpan<byte> BusId { get; private set; }

    /// <summary>Tells the client from the others of the card; null where it is not said.</summary>
    public ulong? ClientId { get; private set; }

    public EngineClock Clock { get; private set; }

    /// <summary>True when the graphics engine worked for it at any time.</summary>
    public bool UsedGraphics { get; private set; }

    /// <summary>True when the compute engine did.</summary>
    public bool UsedCompute { get; private set; }

    /// <summary>True when any engine did.</summary>
    public bool UsedEngines { get; private set; }

    /// <summary>Bytes in the card's own memory; null where it is not said.</summary>
    public readonly long? LocalBytes => _local.Best;

    /// <summary>Bytes in the host's memory.</summary>
    public readonly long? SystemBytes => _system.Best;

    /// <summary>False when the text is not that of a DRM file.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Fdinfo info)
    {
        info = default;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            var colon = line.IndexOf((byte)':');
            if (colon < 0)
                continue;
            var key = line[..colon];
            var value = KernelReader.Trim(line[(colon + 1)..]);
            if (key.StartsWith("drm-"u8))
                info.Take(key[4..], value);
            else
                info.TakeOld(key, value);
        }
        // amdgpu names no engine that did not work yet
        if (info._driver.SequenceEqual("amdgpu"u8) && info.Clock == EngineClock.None)
            info.Clock = EngineClock.Nanoseconds;
        return !info._driver.IsEmpty || !info.BusId.IsEmpty;
    }

    private void Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("driver"u8))
            _driver = value;
        else if (key.SequenceEqual("pdev"u8))
            BusId = value;
        else if (key.SequenceEqual("client-id"u8))
            ClientId = Number(value);
        else if (After(key, "engine-capacity-"u8) is { IsEmpty: false } capacity)
            Set(ref Capacity, capacity, Number(value));
        else if (After(key, "engine-"u8) is { IsEmpty: false } engine && value.EndsWith(" ns"u8))
            TakeBusy(engine, Number(value[..^3]), EngineClock.Nanoseconds);
        else if (After(key, "cycles-"u8) is { IsEmpty: false } cycles)
            TakeBusy(cycles, Number(value), EngineClock.Cycles);
        else if (After(key, "total-cycles-"u8) is { IsEmpty: false } total)
            Set(ref Total, total, Number(value));
        else if (After(key, "resident-"u8) is { IsEmpty: false } resident)
            TakeMemory(resident, value, SizeKind.Resident);
        else if (After(key, "memory-"u8) is { IsEmpty: false } memory)
            TakeMemory(memory, value, SizeKind.Memory);
        else if (After(key, "total-"u8) is { IsEmpty: false } all)
            TakeMemory(all, value, SizeKind.Total);
    }

    // amdgpu 5.14 to 5.18: "vram mem:	1024 kB", and "gfx0:	12.3%" of no stated time. pasid is there later, too
    private void TakeOld(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("pdev"u8))
            BusId = value;
        else if (key.SequenceEqual("pasid"u8))
            ClientId ??= Number(value);
        else if (key.EndsWith(" mem"u8))
            TakeMemory(key[..^4], value, SizeKind.Memory);
        else if (value.EndsWith("%"u8) && EngineNames.Find(key.TrimEnd("0123456789"u8)) is { } engine)
            Note(engine);
    }

    private void TakeBusy(ReadOnlySpan<byte> name, ulong? busy, EngineClock clock)
    {
        if (busy is not { } value || EngineNames.Find(name) is not { } engine)
            return;
        Busy[(int)engine] = value;
        Clock = clock;
        if (value > 0)
            Note(engine);
    }

    private void Note(Engine engine)
    {
        UsedEngines = true;
        UsedGraphics |= engine == Engine.Render;
        UsedCompute |= engine == Engine.Compute;
    }

    private void TakeMemory(ReadOnlySpan<byte> region, ReadOnlySpan<byte> value, SizeKind kind)
    {
        if (Bytes(value) is not { } bytes)
            return;
        if (region.StartsWith("vram"u8) || region.StartsWith("local"u8))
            _local.Add(kind, bytes);
        else if (region.StartsWith("system"u8) || region.SequenceEqual("gtt"u8))
            _system.Add(kind, bytes);
    }

    private static void Set(ref EngineValues<ulong> values, ReadOnlySpan<byte> name, ulong? value)
    {
        if (value is { } number && EngineNames.Find(name) is { } engine)
            values[(int)engine] = number;
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> key, ReadOnlySpan<byte> prefix) => key.StartsWith(prefix) ? key[prefix.Length..] : [];

    private static ulong? Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out ulong value, out var used) && used == text.Length ? value : null;

    private static long? Bytes(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out long value, out var used) || value < 0)
            return null;
        var unit = KernelReader.Trim(text[used..]);
        var shift = unit.IsEmpty ? 0 : unit.SequenceEqual("KiB"u8) || unit.SequenceEqual("kB"u8) ? 10
            : unit.SequenceEqual("MiB"u8) ? 20 : unit.SequenceEqual("GiB"u8) ? 30 : -1;
        return shift >= 0 && value <= long.MaxValue >> shift + 4 ? value << shift : null;
    }

    private enum SizeKind
    {
        Resident,
        Memory,
        Total,
    }

    // What is really there, before what is charged, before what was asked for
    private struct Sizes
    {
        private long? _resident;
        private long? _memory;
        private long? _total;

        public readonly long? Best => _resident ?? _memory ?? _total;

        public void Add(SizeKind kind, long bytes)
        {
            if (kind == SizeKind.Resident)
                _resident = Sum(_resident, bytes);
            else if (kind == SizeKind.Memory)
                _memory = Sum(_memory, bytes);
            else
                _total = Sum(_total, bytes);
        }

        private static long Sum(long? sum, long bytes) => sum > long.MaxValue - bytes ? long.MaxValue : (sum ?? 0) + bytes;
    }
}
