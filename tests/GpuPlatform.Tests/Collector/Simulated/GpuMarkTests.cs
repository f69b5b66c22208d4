using System.Diagnostics;
using System.Text;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Simulated;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Simulated;

public sealed class GpuMarkTests
{
    [Fact]
    public void A_mark_says_gpu_memory_context_load_and_heat()
    {
        Assert.Equal(new GpuMark(1, 8000L << 20, GpuContext.Graphics, 90, 88), GpuMark.Parse("1:8000:graphics:90:88"u8));
        Assert.Equal(new GpuMark(0, 300L << 20, GpuContext.Compute, 0, null), GpuMark.Parse("0:300"u8));
        Assert.Equal(GpuContext.ComputeAndGraphics, GpuMark.Parse("0:300:compute+graphics"u8)!.Value.Context);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0:")]
    [InlineData("-1:300")]
    [InlineData("0:300:vulkan")]
    [InlineData("0:300:compute:101")]
    [InlineData("0:300:compute:5:151")]
    [InlineData("0:300:compute:5:50:6")]
    [InlineData("0:99999999999999")]
    [InlineData("0:3x")]
    public void What_is_no_mark_is_none(string text) => Assert.Null(GpuMark.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public async Task A_real_process_with_a_mark_is_on_the_simulated_gpu_as_long_as_it_lives()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "it reads /proc");
        var start = new ProcessStartInfo("sleep", "600") { Environment = { [GpuMark.Variable] = "1:4321:graphics:70:91" } };
        using var marked = Process.Start(start)!;
        using var source = new MarkedSource("/");
        var list = new List<GpuProcessReading>();
        try
        {
            // Between fork and exec it has the environment of this process
            await Until.True(() => source.Gpus[1].ReadProcesses(list) && list.Exists(process => process.Pid == marked.Id));

            var reading = default(GpuReading);
            source.Gpus[1].Read(ref reading);
            Assert.True(reading.MemoryUsedBytes >= 4321L << 20);
            Assert.True(reading.TemperatureCelsius >= 91);
            Assert.Equal(70, list.Find(process => process.Pid == marked.Id).SmPercent);
        }
        finally
        {
            marked.Kill();
            await marked.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(source.Gpus[1].ReadProcesses(list));
        Assert.DoesNotContain(list, process => process.Pid == marked.Id);
    }
}
