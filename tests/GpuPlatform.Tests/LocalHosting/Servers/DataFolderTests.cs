using GpuPlatform.LocalHosting;
using GpuPlatform.LocalHosting.Servers;

namespace GpuPlatform.Tests.LocalHosting.Servers;

public sealed class DataFolderTests
{
    [Theory]
    [InlineData("GPUPLATFORM_DATA=/a;XDG_DATA_HOME=/b;HOME=/root", true, "/a")]
    [InlineData("XDG_DATA_HOME=/b;HOME=/home/me", false, "/b/gpuplatform")]
    [InlineData("HOME=/home/me", false, "/home/me/.local/share/gpuplatform")]
    [InlineData("HOME=/root", true, "/var/lib/gpuplatform")]
    public void The_folder_follows_the_override_then_xdg_then_the_kind_of_user(string variables, bool isRoot, string expected)
    {
        var given = variables.Split(';').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(expected, DataFolder.Choose(given.GetValueOrDefault, isRoot));
    }

    [Fact]
    public void Without_a_home_the_error_names_the_variable_to_set() =>
        Assert.Contains("GPUPLATFORM_DATA", Assert.Throws<DistributedApplicationException>(() => DataFolder.Choose(_ => null, isRoot: false)).Message, StringComparison.Ordinal);
}
