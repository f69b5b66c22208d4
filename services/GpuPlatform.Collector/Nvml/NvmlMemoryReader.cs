using System.Runtime.CompilerServices;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// Reads a GPU's memory by the newer call, else by the older one, whose "used" holds what the driver reserves from 510 on. Chips that share
/// the host's memory have no answer or a total of 0; <paramref name="host"/> is read for them, and null where that cannot be.
/// </summary>
internal sealed unsafe class NvmlMemoryReader(NvmlApi api, NvmlAnswers answers, NvmlDevice device, SharedMemory? host)
{
    private readonly NvmlReadingApi _api = api.Readings;
    private readonly NvmlQuery _memoryV2 = answers.Query("nvmlDeviceGetMemoryInfo_v2");
    private readonly NvmlQuery _memory = answers.Query("nvmlDeviceGetMemoryInfo");
    private bool _isWithout;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref GpuReading reading)
    {
        if (_memoryV2.IsOpen)
            ReadV2(ref reading);
        if (_memoryV2.IsAbsent || _isWithout)
            ReadOtherwise(ref reading);
    }

    private void ReadOtherwise(ref GpuReading reading)
    {
        if (_memoryV2.IsAbsent && _memory.IsOpen)
            ReadV1(ref reading);
        if (_isWithout && !answers.IsGone)
            ReadHost(ref reading);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadV2(ref GpuReading reading)
    {
        var memory = new NvmlMemoryV2 { Version = NvmlMemoryV2.CurrentVersion, Total = ulong.MaxValue };
        var status = _api.MemoryV2.Read(device, &memory);
        _isWithout = status == NvmlStatus.NotSupported;
        if (!_memoryV2.Accept(status) || !Total(memory.Total, ref reading))
            return;
        var total = reading.MemoryTotalBytes;
        reading.MemoryUsedBytes = Part(memory.Used, total);
        reading.MemoryFreeBytes = Part(memory.Free, total);
        reading.MemoryReservedBytes = Part(memory.Reserved, total);
    }

    private void ReadV1(ref GpuReading reading)
    {
        var memory = new NvmlMemory { Total = ulong.MaxValue };
        var status = _api.Memory.Read(device, &memory);
        _isWithout = status == NvmlStatus.NotSupported || (_isWithout && status == NvmlStatus.FunctionNotFound);
        if (!_memory.Accept(status) || !Total(memory.Total, ref reading))
            return;
        var total = reading.MemoryTotalBytes;
        reading.MemoryUsedBytes = Part(memory.Used, total);
        reading.MemoryFreeBytes = Part(memory.Free, total);
    }

    // NVML_VALUE_NOT_AVAILABLE is all ones, and nothing else so large can be a number of bytes
    private bool Total(ulong bytes, ref GpuReading reading)
    {
        _isWithout = bytes == 0;
        reading.MemoryTotalBytes = bytes is > 0 and <= long.MaxValue ? (long)bytes : null;
        return reading.MemoryTotalBytes is not null;
    }

    private static long? Part(ulong bytes, long? total) => bytes <= (ulong)total.GetValueOrDefault() ? (long)bytes : null;

    private void ReadHost(ref GpuReading reading)
    {
        if (host?.Read() is not { } memory)
            return;
        reading.MemoryIsShared = true;
        reading.MemoryTotalBytes = memory.TotalBytes;
        reading.MemoryFreeBytes = memory.FreeBytes;
        reading.MemoryUsedBytes = memory.TotalBytes - memory.FreeBytes;
    }
}
