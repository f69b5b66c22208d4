using GpuPlatform.Collector;
using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.ServiceDefaults.Settings;
using GpuPlatform.Tests.Collector.Sampling;
using GpuPlatform.Tests.ServiceDefaults.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace GpuPlatform.Tests.Collector.Nvml;

[Collection(nameof(NvmlDouble))]
public sealed class RequiredNvmlTests : IDisposable
{
    private readonly NvmlHostFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_driver_that_is_required_and_does_not_work_prevents_the_start_with_the_reason()
    {
        NvmlDouble.StatusByFunction["nvmlInit"] = NvmlStatus.DriverNotLoaded;
        _host.Gpu("0000:01:00.0", "active");
        Assert.Contains("Gpu:RequireNvml is true, but the NVIDIA kernel driver is not loaded", Start(("Gpu:RequireNvml", "true")), StringComparison.Ordinal);
        Assert.Equal("", Start());
    }

    [Theory]
    [InlineData("active", 1)]
    [InlineData("suspended", 0)]
    public void One_that_works_and_one_whose_gpus_sleep_are_in_order(string status, int opened)
    {
        _host.Gpu("0000:01:00.0", status);
        Assert.Equal("", Start(("Gpu:RequireNvml", "true")));
        Assert.Equal(opened, NvmlHostDouble.InitCount);
    }

    [Theory]
    [InlineData("Gpu:IdleRelease", "00:00:04", "00:00:00 (never) and 00:00:05 to 01:00:00")]
    [InlineData("Gpu:IdleRelease", "-00:00:30", "00:00:00 (never)")]
    [InlineData("Gpu:Source", "simulated", "Gpu:RequireNvml is true, but Gpu:Source is simulated")]
    public void What_contradicts_is_refused(string key, string value, string said) =>
        Assert.Contains(said, Start((key, value), ("Gpu:RequireNvml", "true")), StringComparison.Ordinal);

    [Theory]
    [InlineData(".dockerenv", "", "container toolkit")]
    [InlineData("proc/sys/kernel/osrelease", "5.15.153.1-microsoft-standard-WSL2\n", "install the driver in Windows")]
    [InlineData("sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n", "this host has an NVIDIA GPU but not its driver")]
    [InlineData("etc/hostname", "", "if this host has such a GPU")]
    public void A_missing_library_says_what_to_do_where_it_is_missing(string path, string text, string expected)
    {
        _host.Tree.Write("sys/bus/pci/devices/0000:01:00.0/class", "0x030000\n");
        _host.Tree.Write(path, text);
        var said = NvmlReasons.NoLibrary(_host.Tree.Root);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Contains(NvmlLibrary.Candidates[0], said, StringComparison.Ordinal);
    }

    private string Start(params (string Key, string Value)[] settings)
    {
        using var fixture = new SettingsFixture().Argument([.. settings.Select(setting => $"--{setting.Key}={setting.Value}")]);
        var effective = fixture.Read(CollectorSettings.Catalog);
        using var output = new StringWriter();
        var started = StartProblems.TryBuild(effective, () =>
        {
            var builder = SettingsSource.CreateBuilder(effective);
            builder.AddSampling();
            builder.Services.AddSingleton<IReadOnlyList<IGpuSource>>([_host.Source]);
            builder.Services.AddSingleton<IPublisher>(new PublisherDouble());
            return builder.Build();
        }, output, out _);
        Assert.Equal(output.ToString().Length == 0, started);
        return output.ToString();
    }
}
