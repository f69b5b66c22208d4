using System.Runtime.CompilerServices;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

public sealed class NvmlFieldValueTests
{
    [Theory]
    [InlineData(0u, 0x4059_0000_0000_0000ul, 100L)] // a double of 100
    [InlineData(0u, 0x7FF8_0000_0000_0000ul, null)] // not a number
    [InlineData(0u, 0x3FE0_0000_0000_0000ul, null)] // a half
    [InlineData(1u, 7ul, 7L)]
    [InlineData(1u, 0xDEAD_0000_0007ul, 7L)] // what stands behind a 32-bit value is not part of it
    [InlineData(1u, 0xFFFF_FFFFul, null)]
    [InlineData(3u, ulong.MaxValue, null)]
    [InlineData(3u, 1ul << 63, null)]
    [InlineData(4u, ulong.MaxValue, -1L)]
    [InlineData(5u, 0xFFFF_FFFEul, -2L)]
    [InlineData(6u, 0x1_0005ul, 5L)]
    [InlineData(7u, 5ul, null)]
    [InlineData(uint.MaxValue, 5ul, null)]
    public void A_value_is_read_as_its_type_says(uint type, ulong bits, long? expected) =>
        Assert.Equal(expected, new NvmlFieldValue { ValueType = type, Bits = bits }.Integer);

    [Fact]
    public void An_unsigned_long_is_as_wide_as_the_operating_system_has_it()
    {
        var value = new NvmlFieldValue { ValueType = 2, Bits = 0x1_0000_0007 };
        Assert.Equal(OperatingSystem.IsWindows() ? 7 : 0x1_0000_0007, value.Integer);
    }

    [Fact]
    public void A_fraction_is_a_number() =>
        Assert.Equal(0.5, new NvmlFieldValue { ValueType = 0, Bits = 0x3FE0_0000_0000_0000 }.Number);

    [Fact]
    public void Structures_have_the_size_the_library_expects()
    {
        Assert.Equal(
            (40, 8, 12, 16, 68, 24, 8, 40),
            (Unsafe.SizeOf<NvmlFieldValue>(), Unsafe.SizeOf<NvmlMargin>(), Unsafe.SizeOf<NvmlFanSpeed>(), Unsafe.SizeOf<NvmlViolation>(),
                Unsafe.SizeOf<NvmlPci>(), Unsafe.SizeOf<NvmlUtilizationRequest>(), Unsafe.SizeOf<NvmlGpmSupport>(), Unsafe.SizeOf<NvmlGpmMetric>()));
        Assert.Equal((40, 12, 24, 8), (Unsafe.SizeOf<NvmlMemoryV2>(), Unsafe.SizeOf<NvmlTemperature>(), Unsafe.SizeOf<NvmlMemory>(), Unsafe.SizeOf<NvmlUtilization>()));
        Assert.Equal(24 + 40 * NvmlGpmMetrics.Room, Unsafe.SizeOf<NvmlGpmRequest>());
    }
}
