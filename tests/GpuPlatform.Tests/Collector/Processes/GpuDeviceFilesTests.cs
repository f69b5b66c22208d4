using GpuPlatform.Collector.Processes;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Processes;

public sealed class GpuDeviceFilesTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    [Theory]
    [InlineData("/dev/nvidiactl", true)]
    [InlineData("/dev/nvidia0", true)]
    [InlineData("/dev/nvidia-uvm", true)]
    [InlineData("/dev/dri/renderD128", true)]
    [InlineData("/dev/kfd", true)]
    [InlineData("/dev/dxg", true)]
    [InlineData("/dev/null", false)]
    [InlineData("/dev/driver", false)]
    [InlineData("/dev/kfd2", false)]
    [InlineData("/home/player/dev/nvidia0", false)]
    [InlineData("socket:[4711]", false)]
    public void A_gpu_is_opened_by_its_device(string target, bool expected)
    {
        Open(70, 0, "/dev/null");
        Open(70, 35, target);

        Assert.Equal(expected, new GpuDeviceFiles(_tree.Root).AreOpenIn(70));
    }

    [Fact]
    public void A_process_that_is_gone_has_opened_nothing() => Assert.False(new GpuDeviceFiles(_tree.Root).AreOpenIn(71));

    [Fact]
    public void This_process_has_files_and_no_gpu_among_those_of_a_test()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self/fd"), "no Linux");
        Assert.False(new GpuDeviceFiles("/").AreOpenIn(Environment.ProcessId));
    }

    public void Dispose() => _tree.Dispose();

    private void Open(int pid, int handle, string target)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_tree.Root, "proc", $"{pid}", "fd"));
        File.CreateSymbolicLink(Path.Combine(folder.FullName, $"{handle}"), target);
    }
}
