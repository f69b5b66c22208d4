using GpuPlatform.Collector.Nvml;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class NvmlDetailTests : IDisposable
{
    private readonly NvmlFixture _nvml = new();

    public void Dispose() => _nvml.Dispose();

    private GpuDetails Details => _nvml.ReadDetails()!.Value.Details;

    [Fact]
    public void Every_detail_comes_through_the_marshalling_in_its_unit()
    {
        var read = _nvml.ReadDetails()!.Value;
        Assert.Equal(450, read.PowerLimitWatts);
        Assert.Equal([new GpuFan { SpeedPercent = 55, SpeedRpm = 1500 }, new GpuFan { SpeedPercent = 56, SpeedRpm = 1501 }], read.Details.Fans);
        Assert.Equal([GpuThrottleReason.PowerLimit], read.Details.ThrottleReasons);
        Assert.Equal(new GpuDetails
        {
            MemoryTemperatureCelsius = 78,
            TemperatureMarginCelsius = 23,
            PowerAverageWatts = 1.185,
            PowerInstantWatts = 1.186,
            GraphicsClockMegahertz = 2000,
            SmClockMegahertz = 2001,
            MemoryClockMegahertz = 2002,
            VideoClockMegahertz = 2003,
            PerformanceState = 2,
            PowerThrottleSeconds = 1074 / 1e9,
            ThermalThrottleSeconds = 1075 / 1e9,
            EncoderUtilizationPercent = 11,
            DecoderUtilizationPercent = 12,
            PcieGeneration = 4,
            PcieLaneCount = 16,
            PcieReplayCount = 1094,
            PcieSentBytes = 1197,
            PcieReceivedBytes = 1198,
            Ecc = Ecc,
            RecoveryAction = GpuRecoveryAction.None,
            NvLink = new GpuNvLink { LinkCount = 18, SentBytes = 1202, ReceivedBytes = 1204 },
            MigEnabled = false,
        }, read.Details with { Fans = null, ThrottleReasons = null, Facts = null });
        Assert.Empty(_nvml.Errors);
    }

    private static GpuEcc Ecc => new()
    {
        CorrectedVolatileCount = 1003,
        UncorrectedVolatileCount = 1004,
        CorrectedAggregateCount = 1005,
        UncorrectedAggregateCount = 1006,
        RetiredPagesCorrectedCount = 1029,
        RetiredPagesUncorrectedCount = 1030,
        RetirementPending = false,
        RemappedRowsCorrectedCount = 1142,
        RemappedRowsUncorrectedCount = 1143,
        RemapPending = false,
        RemapFailed = false,
    };

    [Fact]
    public void Link_counters_are_asked_for_all_links_and_all_else_for_the_gpu()
    {
        _ = Details;
        Assert.Equal([138, 139, 202, 204], NvmlDoubleDetails.Asked.Where(asked => asked.Scope == uint.MaxValue).Select(asked => (int)asked.Field));
        Assert.All(NvmlDoubleDetails.Asked.Where(asked => asked.Scope != uint.MaxValue), asked => Assert.Equal(0u, asked.Scope));
    }

    [Fact]
    public void A_field_the_gpu_does_not_have_is_dropped_and_one_without_data_is_not()
    {
        NvmlDoubleDetails.Fields[82] = (1, 0, NvmlStatus.NotSupported);
        NvmlDoubleDetails.Fields[202] = (1, 0, NvmlStatus.InvalidArgument);
        NvmlDoubleDetails.Fields[94] = (1, 0, NvmlStatus.NoData);
        NvmlDoubleDetails.Fields[185] = (1, 0, NvmlStatus.Timeout);
        var details = Details;
        Assert.Equal((null, null, null), (details.MemoryTemperatureCelsius, details.PcieReplayCount, details.PowerAverageWatts));
        _ = Details;
        var asked = NvmlDoubleDetails.Asked.Select(field => field.Field).ToList();
        Assert.DoesNotContain(82u, asked);
        Assert.DoesNotContain(202u, asked);
        Assert.Contains(94u, asked);
        Assert.Contains(185u, asked);
        Assert.Equal(["nvmlDeviceGetFieldValues/185 10", "nvmlDeviceGetFieldValues/185 10"], _nvml.Errors);
    }

    [Fact]
    public void A_field_that_finds_the_gpu_lost_ends_the_reading()
    {
        NvmlDoubleDetails.Fields[3] = (1, 0, NvmlStatus.GpuIsLost);
        Assert.Null(_nvml.ReadDetails());
        Assert.False(NvmlDouble.CallCounts.ContainsKey("nvmlDeviceGetClockInfo"));
        Assert.Equal(["nvmlDeviceGetFieldValues/3 15"], _nvml.Errors);
    }

    [Fact]
    public void Without_fields_the_calls_of_their_own_are_used_where_there_are_any()
    {
        NvmlDouble.MissingSymbols.Add("nvmlDeviceGetFieldValues");
        var details = Details;
        Assert.Equal((94L, 74.0, 74.000000001), (details.PcieReplayCount, details.PowerThrottleSeconds, details.ThermalThrottleSeconds));
        Assert.Equal(
            new GpuEcc
            {
                CorrectedVolatileCount = 3,
                UncorrectedVolatileCount = 4,
                CorrectedAggregateCount = 5,
                UncorrectedAggregateCount = 6,
                RemappedRowsCorrectedCount = 142,
                RemappedRowsUncorrectedCount = 143,
                RemapPending = true,
                RemapFailed = false,
            },
            details.Ecc);
        Assert.Null(details.MemoryTemperatureCelsius);
        Assert.Null(details.NvLink);
    }

    [Fact]
    public void Where_a_single_call_is_absent_too_it_is_asked_once()
    {
        NvmlDouble.StatusByFunction["nvmlDeviceGetFieldValues"] = NvmlStatus.NotSupported;
        NvmlDouble.StatusByFunction["nvmlDeviceGetTotalEccErrors"] = NvmlStatus.NotSupported;
        NvmlDouble.StatusByFunction["nvmlDeviceGetRemappedRows"] = NvmlStatus.NotSupported;
        for (var tick = 0; tick < 3; tick++)
            Assert.Null(Details.Ecc);
        Assert.Equal((1, 1), (NvmlDouble.CallCounts["nvmlDeviceGetTotalEccErrors"], NvmlDouble.CallCounts["nvmlDeviceGetFieldValues"]));
    }

    [Fact]
    public void Older_links_count_in_kibibytes()
    {
        NvmlDoubleDetails.Fields[202] = NvmlDoubleDetails.Fields[204] = (3, 0, NvmlStatus.NotSupported);
        Assert.Equal(new GpuNvLink { LinkCount = 18, SentBytes = 1138 * 1024, ReceivedBytes = 1139 * 1024 }, Details.NvLink);
        NvmlDoubleDetails.Fields[91] = (1, 0, NvmlStatus.Success);
        Assert.Null(Details.NvLink);
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(0x1ul, GpuThrottleReason.Idle)]
    [InlineData(0x24ul, GpuThrottleReason.PowerLimit, GpuThrottleReason.SoftwareThermal)]
    [InlineData(0x1C8ul, GpuThrottleReason.HardwareSlowdown, GpuThrottleReason.HardwareThermal, GpuThrottleReason.PowerBrake, GpuThrottleReason.DisplayClocks)]
    [InlineData(0x4_0002ul, GpuThrottleReason.ApplicationClocks, GpuThrottleReason.Unknown)]
    public void Throttle_bits_are_reasons_and_an_unknown_bit_is_one(ulong bits, params GpuThrottleReason[] expected)
    {
        NvmlDoubleDetails.ThrottleBits = bits;
        Assert.Equal(expected, Details.ThrottleReasons);
        NvmlDouble.MissingSymbols.Add("nvmlDeviceGetCurrentClocksEventReasons");
        using var older = new NvmlFixture();
        NvmlDoubleDetails.ThrottleBits = bits;
        NvmlDouble.MissingSymbols.Add("nvmlDeviceGetCurrentClocksEventReasons");
        Assert.Equal(expected, older.ReadDetails()!.Value.Details.ThrottleReasons);
        Assert.Equal(1, NvmlDouble.CallCounts["nvmlDeviceGetCurrentClocksThrottleReasons"]);
    }

    [Fact]
    public void A_board_without_fans_has_none_and_a_driver_that_cannot_count_tells_of_one()
    {
        NvmlDoubleDetails.FanCount = 0;
        Assert.Empty(Details.Fans!);
        using var older = new NvmlFixture();
        NvmlDouble.MissingSymbols.UnionWith(["nvmlDeviceGetNumFans", "nvmlDeviceGetFanSpeed_v2", "nvmlDeviceGetFanSpeedRPM"]);
        Assert.Equal([new GpuFan { SpeedPercent = 54 }], older.ReadDetails()!.Value.Details.Fans);
        using var without = new NvmlFixture();
        NvmlDouble.MissingSymbols.UnionWith(["nvmlDeviceGetNumFans", "nvmlDeviceGetFanSpeed_v2", "nvmlDeviceGetFanSpeed", "nvmlDeviceGetFanSpeedRPM"]);
        Assert.Null(without.ReadDetails()!.Value.Details.Fans);
    }

    [Fact]
    public void What_cannot_be_is_null()
    {
        NvmlDoubleDetails.FanCount = uint.MaxValue;
        NvmlDoubleDetails.ThrottleBits = ulong.MaxValue;
        NvmlDoubleDetails.PerformanceState = 32;
        NvmlDoubleDetails.MarginCelsius = int.MinValue;
        NvmlDoubleDetails.Fields[82] = (1, 0, NvmlStatus.Success);
        NvmlDoubleDetails.Fields[186] = (3, ulong.MaxValue, NvmlStatus.Success);
        NvmlDoubleDetails.Fields[144] = (1, 7, NvmlStatus.Success);
        NvmlDoubleDetails.Fields[94] = (5, uint.MaxValue, NvmlStatus.Success);
        NvmlDoubleDetails.Fields[230] = (1, 77, NvmlStatus.Success);
        NvmlDoubleDetails.Fields[3] = (99, 1, NvmlStatus.Success);
        var details = Details;
        Assert.Equal((null, null, null), (details.ThrottleReasons, details.PerformanceState, details.TemperatureMarginCelsius));
        Assert.Equal((null, null, null), (details.MemoryTemperatureCelsius, details.PowerInstantWatts, details.PcieReplayCount));
        Assert.Equal((null, null), (details.Ecc!.RemapPending, details.Ecc.CorrectedVolatileCount));
        Assert.Equal(GpuRecoveryAction.Unknown, details.RecoveryAction);
        Assert.Equal(["nvmlDeviceGetFieldValues/3 implausible"], _nvml.Errors);
    }

    [Fact]
    public void A_library_that_writes_nothing_has_said_nothing()
    {
        _nvml.Source.Open();
        NvmlDouble.WritesNothing = true;
        var details = Details;
        Assert.Equal(new GpuDetails { Facts = new GpuFacts { Vendor = "nvidia", Source = "nvml" } }, details);
    }
}
