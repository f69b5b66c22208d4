using GpuPlatform.Collector.Uplink.Spooling;

namespace GpuPlatform.Tests.Collector.Uplink.Spooling;

public sealed class SpoolFolderTests
{
    [Theory]
    [InlineData("/mnt/big", "STATE_DIRECTORY=/var/lib/x", true, "/mnt/big/spool-desk")]
    [InlineData(null, "STATE_DIRECTORY=/var/lib/x:/var/lib/y;GPUPLATFORM_DATA=/d", true, "/var/lib/x/spool-desk")]
    [InlineData(null, "GPUPLATFORM_DATA=/d;HOME=/home/ann", false, "/d/collector/spool-desk")]
    [InlineData(null, "HOME=/root;XDG_STATE_HOME=/s", true, "/var/lib/gpuplatform/collector/spool-desk")]
    [InlineData(null, "HOME=/home/ann;XDG_STATE_HOME=/s", false, "/s/gpuplatform/collector/spool-desk")]
    [InlineData(null, "HOME=/home/ann;XDG_STATE_HOME=s", false, "/home/ann/.local/state/gpuplatform/collector/spool-desk")]
    [InlineData(null, "HOME=/home/ann;STATE_DIRECTORY=;GPUPLATFORM_DATA=", false, "/home/ann/.local/state/gpuplatform/collector/spool-desk")]
    [InlineData(null, "", false, null)]
    public void The_folder_follows_from_who_runs_it(string? configured, string variables, bool isRoot, string? expected)
    {
        var environment = variables.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(expected, SpoolFolder.Choose(configured, "desk", environment.GetValueOrDefault, isRoot));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public void No_node_id_leads_out_of_it(string nodeId)
    {
        var folder = SpoolFolder.Choose("/mnt/big", nodeId, _ => null, isRoot: false)!;

        Assert.Equal("/mnt/big", Path.GetDirectoryName(Path.GetFullPath(folder)));
    }
}
