using System.Text;
using GpuPlatform.Collector.Host;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Host;

public sealed class HostReaderTests : IDisposable
{
    private readonly TemporaryTree _tree = new();
    private readonly HostReader _host;

    public HostReaderTests() => _host = new HostReader(_tree.Root);

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Cpu_is_the_busy_share_between_two_readings()
    {
        Stat("cpu  100 0 100 700 100 0 0 0 50 0");
        Assert.Null(_host.Read().CpuPercent);
        Stat("cpu  125 5 110 730 120 5 5 0 99 0");
        Assert.Equal(50, _host.Read().CpuPercent);
    }

    [Theory]
    [InlineData("cpu  100 0 100 700 100 0 0 0 0 0")] // no time has passed
    [InlineData("cpu  50 0 50 900 100 0 0 0 0 0")] // busy went backwards
    [InlineData("cpu  -1 0 0 0 0 0 0 0 0 0")]
    [InlineData("cpu  x 0 0 0")]
    [InlineData("cpu  9223372036854775807 9223372036854775807 0 0 0 0 0 0")]
    [InlineData("cpu  1 2")]
    [InlineData("")]
    public void What_makes_no_sense_is_null(string line)
    {
        Stat("cpu  100 0 100 700 100 0 0 0 0 0");
        _host.Read();
        Stat(line);
        Assert.Null(_host.Read().CpuPercent);
    }

    [Fact]
    public void Memory_in_use_is_what_is_not_available()
    {
        _tree.Write("proc/meminfo", "MemTotal:       16000 kB\nMemFree:          100 kB\nMemAvailable:    4000 kB\n");
        var reading = _host.Read();
        Assert.Equal((16_384_000L, 12_288_000L), (reading.MemoryTotalBytes, reading.MemoryUsedBytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal: lots kB\n")]
    [InlineData("MemTotal: 16000\n")]
    [InlineData("MemTotal: 16000 MB\n")]
    [InlineData("MemTotal: -1 kB\n")]
    [InlineData("MemTotal: 9223372036854775807 kB\n")]
    public void A_damaged_memory_file_is_null(string meminfo) =>
        Assert.Null(HostReader.MemoryBytes(Encoding.UTF8.GetBytes(meminfo), "MemTotal:"u8));

    [Fact]
    public void Without_available_memory_the_used_is_unknown()
    {
        _tree.Write("proc/meminfo", "MemTotal: 16000 kB\n");
        Assert.Null(_host.Read().MemoryUsedBytes);
    }

    [Fact]
    public void Processors_are_counted()
    {
        Stat("cpu  1 2 3 4 5 6 7 8\ncpu0 1 2 3 4\ncpu1 1 2 3 4\ncpu17 1 2 3 4\ncpufreq 1");
        Assert.Equal(3, _host.Read().LogicalProcessorCount);
    }

    [Fact]
    public void Load_and_tasks_are_read()
    {
        _tree.Write("proc/loadavg", "0.52 1.58 12.59 3/1234 56789\n");
        Assert.Equal(new LoadAverages(0.52, 1.58, 12.59, 1234), _host.Read().Load);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0.52 0.58 0.59 3/1234")]
    [InlineData("0.52 0.58 0.59 1234 56789")]
    [InlineData("0.52 0.58 0.59 3/x 56789")]
    [InlineData("0.52 0.58 0.59 3/-1 56789")]
    [InlineData("0.52 0.58 0.59 3/99999999999 56789")]
    [InlineData("-0.52 0.58 0.59 3/1234 56789")]
    [InlineData("0.52 NaN 0.59 3/1234 56789")]
    [InlineData("0.52 0.58 0,59 3/1234 56789")]
    [InlineData("0.52 0.58 0.59 3/1234 56789 7")]
    public void A_damaged_load_file_is_null(string loadavg)
    {
        _tree.Write("proc/loadavg", loadavg);
        Assert.Null(_host.Read().Load);
    }

    [Fact]
    public void A_host_without_proc_has_no_readings() => Assert.Equal(default, _host.Read());

    private void Stat(string line) => _tree.Write("proc/stat", $"{line}\nintr 1 2 3\n");
}
