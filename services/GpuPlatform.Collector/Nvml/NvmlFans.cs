using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>The fans of one GPU.</summary>
internal sealed unsafe class NvmlFans(NvmlApi api, NvmlAnswers answers, NvmlDevice device)
{
    private const uint MostFans = 32;

    // The intended speed may exceed 100 %; no fan on a board turns a hundred thousand times a minute
    private const uint MostPercent = 1000;
    private const uint MostRpm = 100_000;

    private readonly NvmlQuery _fanCount = answers.Query("nvmlDeviceGetNumFans");
    private readonly NvmlQuery _speedV2 = answers.Query("nvmlDeviceGetFanSpeed_v2");
    private readonly NvmlQuery _speed = answers.Query("nvmlDeviceGetFanSpeed");
    private readonly NvmlQuery _rpm = answers.Query("nvmlDeviceGetFanSpeedRPM");

    /// <summary>How many there are; null when the driver does not say.</summary>
    public int? Count { get; private set; }

    /// <summary>The fans in the driver's order; null when it does not tell of them at all.</summary>
    public IReadOnlyList<GpuFan>? Read()
    {
        if (Count is null && _fanCount.IsOpen && _fanCount.Accept(api.Details.FanCount.Read(device, out var count)) && count <= MostFans)
            Count = (int)count;
        // Drivers that cannot count fans tell of the first one
        var fans = new GpuFan[Count ?? 1];
        for (var i = 0; i < fans.Length; i++)
            fans[i] = new GpuFan { SpeedPercent = Percent((uint)i), SpeedRpm = Rpm((uint)i) };
        return Count is null && fans[0] == new GpuFan() ? null : fans;
    }

    private double? Percent(uint fan)
    {
        if (_speedV2.IsOpen && _speedV2.Accept(api.Details.FanSpeedV2.Read(device, fan, out var percent)))
            return percent <= MostPercent ? percent : null;
        if (fan == 0 && _speedV2.IsAbsent && _speed.IsOpen && _speed.Accept(api.Details.FanSpeed.Read(device, out var first)))
            return first <= MostPercent ? first : null;
        return null;
    }

    private double? Rpm(uint fan)
    {
        var speed = new NvmlFanSpeed { Version = NvmlFanSpeed.CurrentVersion, Fan = fan, Rpm = uint.MaxValue };
        return _rpm.IsOpen && _rpm.Accept(api.Details.FanRpm.Read(device, &speed)) && speed.Rpm <= MostRpm ? speed.Rpm : null;
    }
}
