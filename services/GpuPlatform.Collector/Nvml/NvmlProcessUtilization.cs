using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// How busy each process keeps a GPU. The driver keeps samples of the processes that did something; a process it has none of did nothing, so
/// silence is 0, provided that the call works and that the driver knows the process well enough to tell its memory.
/// </summary>
internal sealed class NvmlProcessUtilization(NvmlApi api, NvmlAnswers answers, NvmlDevice device, TimeProvider clock)
{
    private const int MostSamples = 16_384;
    private const int MostAttempts = 4;
    private const ulong Day = 24 * 60 * 60 * 1_000_000ul;

    // A sample is of a second at most: what is older tells of the past
    private const ulong Window = 3_000_000;

    // In the place of the instant of a process's newest sample
    private const ulong Silent = 0;
    private const ulong Garbage = 1;

    private readonly NvmlQuery _new = answers.Query("nvmlDeviceGetProcessesUtilizationInfo");
    private readonly NvmlQuery _old = answers.Query("nvmlDeviceGetProcessUtilization");
    private byte[] _buffer = new byte[128 * ProcessSample.WidestBytes];
    private ulong[] _newest = [];
    private ulong _lastSeen;

    /// <summary>Adds what is known to the processes of a list just read.</summary>
    public void AddTo(List<GpuProcessReading> processes)
    {
        if (processes.Count == 0)
            return;
        var stride = ProcessSample.NewBytes;
        var count = Read(_new, stride);
        if (_new.IsAbsent)
            count = Read(_old, stride = ProcessSample.OldBytes);
        if (count is not { } samples)
            return;
        if (_newest.Length < processes.Count)
            _newest = new ulong[processes.Count * 2];
        _newest.AsSpan(0, processes.Count).Clear();
        Merge(samples, stride, processes);
        FillSilent(processes);
    }

    /// <summary>Number of samples in the buffer, 0 when the GPU was idle; null when the driver does not say.</summary>
    private int? Read(NvmlQuery query, int stride)
    {
        if (!query.IsOpen)
            return null;
        var (status, count) = (NvmlStatus.InsufficientSize, 0u);
        for (var attempt = 0; status == NvmlStatus.InsufficientSize && attempt < MostAttempts; attempt++)
        {
            var capacity = _buffer.Length / ProcessSample.WidestBytes;
            count = (uint)capacity;
            _buffer.AsSpan().Clear();
            status = stride == ProcessSample.NewBytes
                ? api.Processes.Utilization(device, _lastSeen, ref count, _buffer)
                : api.Processes.OldUtilization(device, _lastSeen, ref count, _buffer);
            if (status == NvmlStatus.Success && count > capacity)
            {
                answers.CountImplausible(query.Function);
                return null;
            }
            if (status == NvmlStatus.InsufficientSize)
                _buffer = new byte[Math.Clamp((int)Math.Min(count, MostSamples) + 16, Math.Min(capacity + 1, MostSamples), MostSamples)
                    * ProcessSample.WidestBytes];
        }
        return query.Accept(status) ? (int)count : status == NvmlStatus.NotFound ? 0 : null;
    }

    private void Merge(int samples, int stride, List<GpuProcessReading> processes)
    {
        var now = (ulong)Math.Max(0, clock.GetUtcNow().ToUnixTimeMilliseconds()) * 1000;
        var (newest, since) = (0ul, _lastSeen);
        for (var i = 0; i < samples; i++)
            if (ProcessSample.Parse(_buffer, i, stride) is { IsPlausible: true } sample && sample.Microseconds <= now + Day)
                newest = Math.Max(newest, sample.Microseconds);
        // Their clock is the wall clock, as far as is known; where it is not, the newest of them is the present
        var present = newest + Day >= now ? now : newest;
        var oldest = Math.Max(since + 1, present > Window ? present - Window : 0);
        var known = CollectionsMarshal.AsSpan(processes);
        for (var i = 0; i < samples; i++)
            Merge(ProcessSample.Parse(_buffer, i, stride), oldest, newest, known);
        _lastSeen = Math.Max(since, newest);
    }

    private void Merge(ProcessSample sample, ulong oldest, ulong newest, Span<GpuProcessReading> processes)
    {
        for (var i = 0; i < processes.Length; i++)
        {
            if (processes[i].Pid != sample.Pid)
                continue;
            if (!sample.IsPlausible || sample.Microseconds > newest)
                _newest[i] = Math.Max(_newest[i], Garbage);
            else if (sample.Microseconds >= oldest && sample.Microseconds > _newest[i])
            {
                _newest[i] = sample.Microseconds;
                processes[i] = processes[i] with
                {
                    SmPercent = sample.SmPercent,
                    MemoryPercent = sample.MemoryPercent,
                    EncoderPercent = sample.EncoderPercent,
                    DecoderPercent = sample.DecoderPercent,
                };
            }
            return;
        }
    }

    private void FillSilent(List<GpuProcessReading> processes)
    {
        var known = CollectionsMarshal.AsSpan(processes);
        for (var i = 0; i < known.Length; i++)
            if (_newest[i] == Silent && known[i].MemoryUsedBytes is not null)
                known[i] = known[i] with { SmPercent = 0, MemoryPercent = 0, EncoderPercent = 0, DecoderPercent = 0 };
    }

    /// <summary><c>nvmlProcessUtilizationSample_t</c>, 32 bytes, or <c>nvmlProcessUtilizationInfo_v1_t</c>, 40 bytes.</summary>
    private readonly record struct ProcessSample(
        int Pid, ulong Microseconds, uint SmPercent, uint MemoryPercent, uint EncoderPercent, uint DecoderPercent)
    {
        public const int OldBytes = 32;
        public const int NewBytes = 40;
        public const int WidestBytes = NewBytes;

        /// <summary>Drivers are known to leave entries of more than 100 % among the others.</summary>
        public bool IsPlausible => Microseconds > Garbage && SmPercent <= 100 && MemoryPercent <= 100 && EncoderPercent <= 100 && DecoderPercent <= 100;

        public static ProcessSample Parse(ReadOnlySpan<byte> buffer, int entry, int stride)
        {
            var bytes = buffer.Slice(entry * stride, stride);
            var (pidAt, instantAt, percentAt) = stride == NewBytes ? (8, 0, 12) : (0, 8, 16);
            return new ProcessSample(
                BinaryPrimitives.ReadInt32LittleEndian(bytes[pidAt..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[instantAt..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[percentAt..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[(percentAt + 4)..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[(percentAt + 8)..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[(percentAt + 12)..]));
        }
    }
}
